package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.shard.MixtureSampler;
import dev.mixlaw.mix.shard.TokenShard;
import dev.mixlaw.mix.token.Tokenizers;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The text of a study in memory-mapped shards. */
final class PreparedStudy implements PreparedData {
  private final TokenizerSpec spec;
  private final Tokenizer tokenizer;
  private final List<TokenShard> corpora;
  private final List<TokenShard> domains;
  private final Optional<MixtureWordComparer> words;
  private final List<String> warnings;

  PreparedStudy(
      TokenizerSpec spec,
      Tokenizer tokenizer,
      List<TokenShard> corpora,
      List<TokenShard> domains,
      Optional<MixtureWordComparer> words,
      List<String> warnings) {
    this.spec = spec;
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
  public TokenSource source(Map<String, Double> shares, int context, long seed) {
    Map<String, TokenShard> byName = new LinkedHashMap<>();
    corpora.forEach(c -> byName.put(c.facts().name(), c));
    return new MixtureSampler(shares, byName, context, seed);
  }

  @Override
  public Optional<Answer<WordComparison>> compareWords(StudyListener listener) {
    return words.map(comparer -> comparer.compare(listener));
  }

  @Override
  public Optional<String> wordComparisonNote() {
    return words.map(MixtureWordComparer::note);
  }

  @Override
  public Duration wordComparisonTime() {
    return words.map(MixtureWordComparer::time).orElse(Duration.ZERO);
  }

  @Override
  public Optional<Reopening> reopening() {
    return Optional.of(
        new Files(
            spec.tokenizerJson().map(file -> file.toAbsolutePath().toString()).orElse(""),
            spec.encoding().orElse(""),
            corpora.stream().map(Text::of).toList(),
            domains.stream().map(Text::of).toList()));
  }

  /**
   * The files that contain a study's text. The empty string means that there is no file or
   * encoding.
   */
  private record Files(
      String tokenizerJson, String encoding, List<Text> corpora, List<Text> domains)
      implements Reopening {
    @Override
    public PreparedData open() {
      TokenizerSpec spec =
          encoding.isEmpty()
              ? TokenizerSpec.huggingFace(Path.of(tokenizerJson))
              : TokenizerSpec.gpt(encoding);
      return new PreparedStudy(
          spec,
          Tokenizers.open(spec),
          corpora.stream().map(Text::open).toList(),
          domains.stream().map(Text::open).toList(),
          Optional.empty(),
          List.of());
    }
  }

  private record Text(String file, String name, CorpusKind kind, String generator)
      implements Serializable {
    static Text of(TokenShard shard) {
      TextFacts facts = shard.facts();
      String file = shard.path().toAbsolutePath().toString();
      return new Text(file, facts.name(), facts.kind(), facts.generator().orElse(""));
    }

    TokenShard open() {
      return shard(Path.of(file), name, kind, Optional.of(generator).filter(g -> !g.isEmpty()));
    }
  }

  /** Opens the shard of a corpus or domain without access to the original documents. */
  static TokenShard shard(Path file, String name, CorpusKind kind, Optional<String> generator) {
    DocumentSource none = () -> DocumentStream.of(List.<Document>of());
    return TokenShard.open(
        file, new Corpus(name, kind, generator, Optional.empty(), Optional.of(none), List.of()));
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
