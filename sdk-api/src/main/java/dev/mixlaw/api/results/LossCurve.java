package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The loss of a mixture and model as a function of the number of training tokens. The curve
 * consists of measured points and, if the data allow it, the law L(D) = E + B·D<sup>−β</sup>.
 *
 * @param domain name of the domain, or {@link FittedLaw#MACRO}
 * @param measured map from each number of tokens to the measured loss in nats per token; values and
 *     bounds of intervals are means over seeds
 * @param law the law that was fitted to these points; empty if the data do not allow it
 * @param fitted losses on the curve of the law, from slightly below the smallest budget to slightly
 *     above the largest. For the macro average, the intervals form the 95 % confidence band of the
 *     law. For a single domain, both bounds equal the value. The map is empty if there is no law
 */
public record LossCurve(
    String mixture,
    String model,
    String domain,
    SortedMap<Double, Estimate> measured,
    Optional<FittedLaw> law,
    SortedMap<Double, Estimate> fitted) {

  /** Copies the maps. */
  public LossCurve {
    measured = Collections.unmodifiableSortedMap(new TreeMap<>(measured));
    fitted = Collections.unmodifiableSortedMap(new TreeMap<>(fitted));
  }
}
