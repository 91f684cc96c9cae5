package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.shard.MixtureSampler;
import dev.mixlaw.mix.shard.TokenShard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text of a study in memory-mapped shards. It cannot be read after {@link #close}. */
final class PreparedStudy implements PreparedData {
  private final Tokenizer tokenizer;
  private final List<TokenShard> corpora;
  private final List<TokenShard> domains;
  private final MixtureWordComparer words;
  private final List<String> warnings;

  PreparedStudy(
      Tokenizer tokenizer,
      List<TokenShard> corpora,
      List<TokenShard> domains,
      MixtureWordComparer words,
      List<String> warnings) {
    this.tokenizer = tokenizer;
    this.corpora = List.copyOf(corpora);
    this.domains = List.copyOf(domains);
    this.words = words;
    this.warnings = List.copyOf(warnings);
  }

  @Override
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public List<TokenizedText> corpora() {
    return List.copyOf(corpora);
  }

  @Override
  public List<TokenizedText> domains() {
    return List.copyOf(domains);
  }

  @Override
  public TokenSource source(Mixture mixture, int context, long seed) {
    Map<String, TokenShard> byName = new LinkedHashMap<>();
    corpora.forEach(c -> byName.put(c.facts().name(), c));
    return new MixtureSampler(mixture, byName, context, seed);
  }

  @Override
  public Optional<Answer<WordComparison>> compareWords(StudyListener listener) {
    return Optional.of(words.compare(listener));
  }

  @Override
  public Optional<String> wordComparisonNote() {
    return Optional.of(words.note());
  }

  @Override
  public List<String> warnings() {
    return warnings;
  }

  @Override
  public void close() {
    corpora.forEach(TokenShard::close);
    domains.forEach(TokenShard::close);
    tokenizer.close();
  }
}
