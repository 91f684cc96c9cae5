package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A round of a strategy, all its seeds together.
 *
 * @param round from 0
 * @param seeds that completed it
 * @param loss macro average over domains, nats per token
 * @param change of that loss against round 0, in pairs: the same documents and, where there are
 *     several, the seeds' noise; 0 in round 0
 * @param changeByDomain the same on each domain
 * @param diversity of the text that its models wrote: mean over seeds, half as wide an interval as
 *     the widest of the seeds' own and of their scatter; empty if it could not be measured
 */
public record RoundFigures(
    int round,
    int seeds,
    Estimate loss,
    Estimate change,
    Map<String, Estimate> changeByDomain,
    Optional<TextDiversity> diversity) {
  public RoundFigures {
    changeByDomain = Collections.unmodifiableMap(new LinkedHashMap<>(changeByDomain));
  }
}
