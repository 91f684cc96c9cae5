package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawForm;
import java.util.Optional;

/**
 * Which law of a series: a form and the runs it is fitted to.
 *
 * @param model the one model of a data law, else empty
 * @param budget the one budget of a model law, else empty
 */
record LawKey(
    LawForm form, String mixture, Optional<StudyGrid.Model> model, Optional<Tokens> budget) {

  /** Such as {@code L(D)}. */
  String symbol() {
    return form.formula().substring(0, form.formula().indexOf(" ="));
  }

  /** Such as {@code model 1M} or {@code 20M tokens}; empty for a law of the whole grid. */
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
    return "law "
        + symbol()
        + " of "
        + mixture
        + (place().isEmpty() ? "" : " at " + place())
        + " on "
        + (domain.equals(FittedLaw.MACRO) ? "the macro average" : domain);
  }
}
