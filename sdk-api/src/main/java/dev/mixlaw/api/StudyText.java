package dev.mixlaw.api;

import dev.mixlaw.api.internal.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Formats the settings of a study as text, which the lab stores and the report shows. */
final class StudyText {
  private StudyText() {}

  /**
   * Returns a map from the name of each setting to its value. The map does not contain mixtures,
   * models and domains.
   */
  static Map<String, String> settings(Study study) {
    Map<String, String> s = new LinkedHashMap<>();
    Recipe r = study.recipe();
    s.put("study", study.name());
    s.put(
        "budgets", study.budgets().stream().map(t -> Long.toString(t.count())).toList().toString());
    s.put("seeds", study.seeds() + " " + new TreeMap<>(study.seedsByMixture()));
    if (!study.chosenRuns().isEmpty()) {
      s.put("chosen runs", Integer.toString(study.chosenRuns().size()));
    }
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
        Texts.format(
            "AdamW, weight decay %s, betas %s and %s, epsilon %s, clip norm %s",
            r.weightDecay(), r.beta1(), r.beta2(), r.epsilon(), r.clipNorm()));
    s.put("most repeats", Double.toString(study.maxRepeats()));
    if (!study.questions().isEmpty()) {
      s.put("primary questions", study.questions().toString());
    }
    study.startFrom().ifPresent(checkpoint -> s.put("starts from", checkpoint.toString()));
    if (!study.rateFactors().isEmpty()) {
      s.put("learning rates checked", study.rateFactors().toString());
    }
    return s;
  }
}
