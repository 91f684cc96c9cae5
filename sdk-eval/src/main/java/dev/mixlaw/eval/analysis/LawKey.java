package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Tokens;
import dev.mixlaw.eval.law.LawForm;
import java.util.Optional;

/**
 * Which law of a series: a form and the runs it is fitted to.
 *
 * @param model the one model of a data law, else empty
 * @param budget the one budget of a model law, else empty
 */
record LawKey(LawForm form, String mixture, Optional<Grid.Model> model, Optional<Tokens> budget) {

  /** Such as {@code L(D)}. */
  String symbol() {
    return form.formula().substring(0, form.formula().indexOf(" ="));
  }

  /** Such as {@code at 1M}; empty for a law of the whole grid. */
  String place() {
    return model.map(m -> "model " + m.name()).or(() -> budget.map(b -> b + " tokens")).orElse("");
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
