package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The identity of a law of a series, which consists of its form and the fitted runs.
 *
 * @param model model whose runs L(D) is fitted to; empty for other forms
 * @param budget budget whose runs L(N) is fitted to; empty for other forms
 */
record LawKey(
    LawForm form, String mixture, Optional<StudyGrid.Model> model, Optional<Tokens> budget) {

  static LawKey data(String mixture, StudyGrid.Model model) {
    return new LawKey(LawForms.DATA, mixture, Optional.of(model), Optional.empty());
  }

  static LawKey model(String mixture, Tokens budget) {
    return new LawKey(LawForms.MODEL, mixture, Optional.empty(), Optional.of(budget));
  }

  static LawKey chinchilla(String mixture) {
    return new LawKey(LawForms.CHINCHILLA, mixture, Optional.empty(), Optional.empty());
  }

  FittedLaw fitted(String domain, LawFit fit, OptionalDouble heldOut, List<String> warnings) {
    return new FittedLaw(
        fit.form().id(),
        mixture,
        domain,
        model.map(StudyGrid.Model::name),
        budget,
        fit.parameters(),
        fit.objective(),
        fit.r2(),
        fit.status(),
        fit.points(),
        heldOut,
        optima(fit),
        Texts.joined(fit.warnings(), warnings));
  }

  private static List<ComputeOptimum> optima(LawFit fit) {
    if (!fit.form().equals(LawForms.CHINCHILLA)) {
      return List.of();
    }
    Observations runs = fit.observations();
    double largest =
        runs.rows().stream()
            .mapToDouble(row -> 6 * runs.input(row, Input.N) * runs.input(row, Input.D))
            .max()
            .orElseThrow();
    return Stream.of(largest, 10 * largest)
        .flatMap(flops -> fit.optimal(flops).toOptional().stream())
        .toList();
  }

  /** Returns the left side of the formula, such as {@code L(D)}. */
  String symbol() {
    return form.formula().substring(0, form.formula().indexOf(" ="));
  }

  /**
   * Describes the model or budget of the law, such as {@code model 1M} or {@code 20M tokens}.
   * Returns an empty string for L(N, D).
   */
  String place() {
    return model.map(LawKey::place).or(() -> budget.map(LawKey::place)).orElse("");
  }

  static String place(StudyGrid.Model model) {
    return "model " + model.name();
  }

  static String place(Tokens budget) {
    return budget + " tokens";
  }

  String describe(String domain) {
    return Texts.format(
        "law %s of %s%s on %s",
        symbol(),
        mixture,
        (place().isEmpty() ? "" : " at " + place()),
        (domain.equals(FittedLaw.MACRO) ? "the macro average" : domain));
  }
}
