package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The models of each round, and the mixtures on which they are trained. */
record RoundMixtures(Rounds rounds) {
  /** Returns the models of a round. All strategies share those of round 0. */
  List<RoundKey> round(int round) {
    return rounds.strategies().stream()
        .flatMap(s -> IntStream.range(0, rounds.seeds()).mapToObj(i -> RoundKey.of(s, round, i)))
        .distinct()
        .toList();
  }

  Tokens budget(RoundKey key) {
    long tokens = rounds.tokens().orElseThrow().count();
    return new Tokens(
        key.strategy()
            .map(s -> Math.multiplyExact(tokens, s.budgetFactor(key.round())))
            .orElse(tokens));
  }

  /** Returns the models whose generated texts are the training data of a model, oldest first. */
  List<RoundKey> sources(RoundKey key) {
    if (key.strategy().isEmpty()) {
      return List.of();
    }
    Strategy strategy = key.strategy().get();
    List<RoundKey> sources = new ArrayList<>();
    for (int r = strategy.keepsEarlierText() ? 0 : key.round() - 1; r < key.round(); r++) {
      sources.add(RoundKey.of(strategy, r, key.seed()));
    }
    return sources;
  }

  boolean natural(RoundKey key) {
    return key.strategy().map(Strategy::keepsEarlierText).orElse(true);
  }

  /** Returns the training mixture of a model, in which all corpora have the same share. */
  Mixture mixture(RoundKey key, Function<RoundKey, Corpus> texts) {
    List<Corpus> parts = new ArrayList<>();
    if (natural(key)) {
      parts.add(rounds.corpus());
    }
    sources(key).stream().map(texts).forEach(parts::add);
    Mixture mixture = Mixture.named(key.label());
    for (Corpus part : parts) {
      mixture = mixture.with(part, 1.0 / parts.size());
    }
    return mixture;
  }
}
