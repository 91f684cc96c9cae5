package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The results of one round of a strategy over all its seeds.
 *
 * @param round number of the round, from 0
 * @param seeds number of runs that completed the round
 * @param loss macro average over domains in nats per token
 * @param change change of the macro average since round 0, paired by document; its interval
 *     includes the seed noise if there are several seeds; 0 in round 0
 * @param changeByDomain the change for each domain
 * @param diversity diversity of the text that the round's models wrote, as the mean over seeds,
 *     with a Student's t interval whose seed noise is pooled over all rounds; with a single seed,
 *     the interval is that of the text written with this seed; empty if it could not be measured
 */
public record RoundFigures(
    int round,
    int seeds,
    Estimate loss,
    Estimate change,
    Map<String, Estimate> changeByDomain,
    Optional<TextDiversity> diversity) {
  /** Copies the map. */
  public RoundFigures {
    changeByDomain = Collections.unmodifiableMap(new LinkedHashMap<>(changeByDomain));
  }
}
