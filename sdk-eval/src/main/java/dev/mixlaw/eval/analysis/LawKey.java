package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawForm;
import java.util.Optional;

/**
 * Identifies a law of a series: its form and the runs that it is fitted to.
 *
 * @param model the model of L(D); empty for other forms
 * @param budget the budget of L(N); empty for other forms
 */
record LawKey(
    LawForm form, String mixture, Optional<StudyGrid.Model> model, Optional<Tokens> budget) {

  /** Returns the left side of the formula, such as {@code L(D)}. */
  String symbol() {
    return form.formula().substring(0, form.formula().indexOf(" ="));
  }

  /** Returns {@code model 1M} or {@code 20M tokens}; empty for L(N, D). */
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
