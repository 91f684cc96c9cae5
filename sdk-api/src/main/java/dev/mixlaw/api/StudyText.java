package dev.mixlaw.api;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.rounds.Rounds;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A study as text. A store keeps it to recognise its study, and the report shows the settings. A
 * changed line makes existing directories those of another study.
 */
final class StudyText {
  private StudyText() {}

  /** Returns everything that decides a study's results, each on a line. */
  static String of(Study study, PreparedData data) {
    StringBuilder text = new StringBuilder();
    settings(study).forEach((name, value) -> line(text, name, value));
    line(text, "tokenizer fingerprint", data.tokenizer().fingerprint());
    data.corpora().forEach(c -> line(text, "corpus " + c.facts().name(), c.facts().fingerprint()));
    data.domains().forEach(d -> line(text, "domain " + d.facts().name(), d.facts().fingerprint()));
    study.tests().forEach(t -> line(text, "test " + t.name(), t.fingerprint()));
    for (Mixture m : study.mixtures()) {
      line(text, "mixture " + m.name(), m.shares() + ", seeds " + study.seedsOf(m));
    }
    study.models().forEach(m -> line(text, "model " + m.name(), m.toString()));
    return text.toString();
  }

  /** Returns everything that decides the results of rounds, each on a line. */
  static String of(Rounds rounds, PreparedData natural) {
    StringBuilder text = new StringBuilder();
    line(text, "rounds", Integer.toString(rounds.rounds()));
    line(text, "strategies", rounds.strategies().toString());
    line(text, "writing", rounds.writing().toString());
    line(text, "tokens written a round", Long.toString(rounds.writtenTokens().count()));
    return text + of(rounds.round0(), natural);
  }

  /** Returns the settings of a study besides its mixtures, models and domains, by name. */
  static Map<String, String> settings(Study study) {
    Map<String, String> s = new LinkedHashMap<>();
    Recipe r = study.recipe();
    s.put("study", study.name());
    s.put(
        "budgets", study.budgets().stream().map(t -> Long.toString(t.count())).toList().toString());
    s.put("seeds", study.seeds() + " " + new TreeMap<>(study.seedsByMixture()));
    s.put("schedule", r.schedule().toString());
    s.put(
        "learning rate",
        r.learningRate().isPresent()
            ? Double.toString(r.learningRate().getAsDouble())
            : "by batch and model size");
    s.put("learning rate factor", Double.toString(r.learningRateFactor()));
    s.put("batch", r.batch().map(b -> b.count() + " tokens").orElse("grows with the tokens seen"));
    s.put(
        "optimizer",
        String.format(
            Locale.ROOT,
            "AdamW, weight decay %s, betas %s and %s, epsilon %s, clip norm %s",
            r.weightDecay(),
            r.beta1(),
            r.beta2(),
            r.epsilon(),
            r.clipNorm()));
    s.put("most repeats", Double.toString(study.maxRepeats()));
    if (!study.questions().isEmpty()) {
      s.put("primary questions", study.questions().toString());
    }
    return s;
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append('\n');
  }
}
