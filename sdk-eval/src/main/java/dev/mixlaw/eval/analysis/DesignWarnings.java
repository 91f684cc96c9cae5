package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Study;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForms;
import java.util.ArrayList;
import java.util.List;

/** What a study's runs cannot carry, said before hours are spent on them. */
final class DesignWarnings {
  private DesignWarnings() {}

  static List<String> of(Study study) {
    List<String> lacks = new ArrayList<>();
    long models =
        study.models().stream().mapToLong(m -> m.nonEmbeddingParameters()).distinct().count();
    long budgets = study.budgets().stream().mapToLong(b -> b.count()).distinct().count();
    lack(
        lacks,
        budgets,
        Input.D,
        "budget",
        "tokens: no fitted speed-up, no verdict of collapse, nothing beyond the budgets",
        "Study.budgets");
    lack(
        lacks,
        models,
        Input.N,
        "model size",
        "parameters: nothing of other models than these",
        "Study.models");
    if (study.mixtures().stream().noneMatch(m -> study.seedsOf(m) > 1)) {
      lacks.add(
          "one seed each tells no noise between seeds, so no difference is judged by it: 3 of the"
              + " baseline do (Study.seeds)");
    }
    return lacks;
  }

  private static void lack(
      List<String> lacks, long there, String input, String name, String without, String setting) {
    int needed = needed(input);
    if (there < needed) {
      lacks.add(
          there
              + " "
              + name
              + (there == 1 ? " carries" : "s carry")
              + " no law over "
              + without
              + "; that takes "
              + needed
              + " ("
              + setting
              + ")");
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
