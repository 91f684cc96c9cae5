package dev.mixlaw.api.results;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Losses of one mixture and model as a function of training tokens: the measured points, and the
 * law L(D) = E + B·D<sup>−β</sup> if the data allow one.
 *
 * @param domain name of the domain, or {@link FittedLaw#MACRO}
 * @param measured loss in nats per token by training tokens; each value is the mean over seeds, and
 *     each interval is the mean of the seeds' intervals
 * @param law the law that was fitted to these points; empty if it was refused
 * @param fitted losses on the law's curve, from a little below the smallest budget to a little
 *     above the largest. On the macro average, the intervals form the 95 % confidence band of the
 *     law; on a single domain, both bounds equal the value. Empty if there is no law.
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
