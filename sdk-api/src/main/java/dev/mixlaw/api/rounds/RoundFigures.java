package dev.mixlaw.api.rounds;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The results of one round of a strategy, over all its seeds.
 *
 * @param round number of the round, from 0
 * @param seeds number of runs that completed the round
 * @param loss macro average over domains, in nats per token
 * @param change change of the macro average since round 0, paired by document; with several seeds,
 *     its interval includes the seed noise; 0 in round 0
 * @param changeByDomain map from each domain to the change of its loss since round 0
 * @param diversity diversity of the text that the models of this round generated, averaged over
 *     seeds. The Student's t interval uses the seed noise pooled over all rounds. If there is only
 *     one seed, the interval is that of the text of this seed. Empty if the diversity could not be
 *     measured
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
