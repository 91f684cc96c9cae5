package dev.mixlaw.mix.shard;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.TextFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The training sequences of a mixture, as a pure function of seed and position.
 *
 * <p>The documents of a corpus are concatenated, with an end-of-text token after each document.
 * Sequence k has the tokens from {@code k · context} to {@code (k + 1) · context} inclusive, so
 * each token except the first is predicted once per epoch. An incomplete sequence at the end is not
 * used. Each epoch has its own random order, which depends on the seed, the corpus name and the
 * epoch.
 */
public final class MixtureSampler implements TokenSource {
  private final int context;
  private final Apportionment apportionment;
  private final List<Part> parts = new ArrayList<>();

  private record Part(TokenShard tokens, long sequences, long key) {
    String name() {
      return tokens.facts().name();
    }
  }

  /**
   * Creates a sampler.
   *
   * @param shares shares of the training tokens above 0, by corpus name
   * @param corpora the shards of all of these corpora, by corpus name
   * @param context number of tokens that a sequence predicts, at least 1
   * @throws MixlawException (data) if corpora are shorter than one sequence; the exception lists
   *     all of them
   */
  public MixtureSampler(
      Map<String, Double> shares, Map<String, TokenShard> corpora, int context, long seed) {
    if (context < 1) {
      throw new IllegalArgumentException("context: " + context + " given; expected at least 1");
    }
    this.context = context;
    List<Problem> problems = new ArrayList<>();
    shares.forEach(
        (name, share) -> {
          TokenShard tokens = corpora.get(name);
          if (tokens == null) {
            throw new IllegalArgumentException("there is no shard of corpus " + name);
          }
          part(tokens, seed, problems);
        });
    MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
    apportionment =
        new Apportionment(shares.values().stream().mapToDouble(Double::doubleValue).toArray());
  }

  private void part(TokenShard tokens, long seed, List<Problem> problems) {
    TextFacts facts = tokens.facts();
    long sequences = (facts.tokens() - 1) / context;
    if (sequences < 1) {
      problems.add(
          new Problem(
              "corpus " + facts.name(),
              facts.tokens() + " tokens, less than one sequence",
              "at least " + (context + 1L) + " tokens for a context of " + context,
              "add text or reduce ModelSpec.withContext"));
    }
    long key = Hashing.mix64(seed);
    for (byte b : facts.name().getBytes(StandardCharsets.UTF_8)) {
      key = Hashing.mix64(key + b);
    }
    parts.add(new Part(tokens, sequences, key));
  }

  @Override
  public int context() {
    return context;
  }

  @Override
  public void read(long position, int[] into, int offset) {
    if (position < 0) {
      throw new IllegalArgumentException("position: " + position + " given; expected 0 or more");
    }
    Part part = parts.get(apportionment.corpus(position));
    long ordinal = apportionment.ordinal(position);
    long epoch = ordinal / part.sequences;
    long sequence =
        new Permutation(part.sequences, Hashing.mix64(part.key + epoch))
            .at(ordinal % part.sequences);
    part.tokens.copy(sequence * context, into, offset, context + 1);
  }

  @Override
  public Map<String, Long> counts(long positions) {
    if (positions < 0) {
      throw new IllegalArgumentException("positions: " + positions + " given; expected 0 or more");
    }
    long[] counts = apportionment.counts(positions);
    Map<String, Long> byName = new LinkedHashMap<>();
    for (int i = 0; i < counts.length; i++) {
      byName.put(parts.get(i).name(), counts[i]);
    }
    return byName;
  }

  @Override
  public Map<String, Long> available() {
    Map<String, Long> byName = new LinkedHashMap<>();
    parts.forEach(p -> byName.put(p.name(), p.sequences));
    return byName;
  }
}
