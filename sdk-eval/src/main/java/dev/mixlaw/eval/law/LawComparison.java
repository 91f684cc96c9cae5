package dev.mixlaw.eval.law;

import dev.mixlaw.api.results.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Laws against each other, and against repeating the last value, by their error on observations
 * that none of them saw; how they rank those observations, and how the last values do, stands
 * beside ({@link HeldOutError}).
 *
 * @param entries the lowest error first, refused forms last
 */
public record LawComparison(List<Entry> entries) {
  public LawComparison {
    entries = List.copyOf(entries);
  }

  /** A form and its fit without the held-out observations, or why there is none. */
  public record Entry(LawForm form, Answer<LawFit> fit) {
    /** Mean relative error on the held-out observations; infinite where refused. */
    public double error() {
      return fit.toOptional()
          .flatMap(f -> f.summary().heldOut())
          .map(HeldOutError::meanRelativeError)
          .orElse(Double.POSITIVE_INFINITY);
    }

    /** Whether the form predicts better than repeating the nearest fitted value. */
    public boolean beatsLastValue() {
      return fit.toOptional()
          .flatMap(f -> f.summary().heldOut())
          .map(h -> h.meanRelativeError() < h.lastValueError())
          .orElse(false);
    }
  }

  /**
   * Compares forms that take the same observations.
   *
   * @param heldOut which observations to keep out, such as {@link Observations#largest}
   * @param settings objective, seed, executor and the like; its form is not used
   */
  public static LawComparison of(
      List<LawForm> forms,
      Observations observations,
      Predicate<Observations.Observation> heldOut,
      LawFitter settings) {
    List<Entry> entries = new ArrayList<>();
    for (LawForm form : forms) {
      entries.add(new Entry(form, settings.form(form).heldOut(heldOut).fit(observations)));
    }
    entries.sort(Comparator.comparingDouble(Entry::error));
    return new LawComparison(entries);
  }
}
