package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForms;
import java.util.ArrayList;
import java.util.List;

/** Warns, before a study runs, about results that its design cannot provide. */
final class DesignWarnings {
  private DesignWarnings() {}

  static List<String> of(Study study) {
    List<String> warnings = new ArrayList<>();
    long models =
        study.models().stream().mapToLong(m -> m.nonEmbeddingParameters()).distinct().count();
    long budgets = study.budgets().stream().mapToLong(b -> b.count()).distinct().count();
    warn(
        warnings,
        budgets,
        Input.D,
        "budget",
        "tokens",
        "no fitted speed-up, no collapse verdict and no prediction at other budgets",
        "Study.budgets");
    warn(
        warnings,
        models,
        Input.N,
        "model size",
        "parameters",
        "no prediction for other model sizes",
        "Study.models");
    if (study.mixtures().stream().noneMatch(m -> study.seedsOf(m) > 1)) {
      warnings.add(
          "with one seed per mixture, seed noise is unknown; run the baseline with 3 seeds (Study.seeds)");
    }
    return warnings;
  }

  private static void warn(
      List<String> warnings,
      long there,
      String input,
      String name,
      String axis,
      String without,
      String setting) {
    int needed = needed(input);
    if (there < needed) {
      warnings.add(
          Texts.format(
              "%s %s%s too few to fit a law over %s, so there will be %s; use at least %s (%s)",
              there, name, (there == 1 ? " is" : "s are"), axis, without, needed, setting));
    }
  }

  private static int needed(String input) {
    return LawForms.CHINCHILLA.inputs().stream()
        .filter(i -> i.name().equals(input))
        .mapToInt(Input::levels)
        .findFirst()
        .orElseThrow();
  }
}
