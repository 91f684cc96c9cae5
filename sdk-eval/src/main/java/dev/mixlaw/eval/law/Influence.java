package dev.mixlaw.eval.law;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an observation, or some together, do to a fit: the fit without them.
 *
 * @param observations left out
 * @param parameters without them, by name
 * @param shift by how many half-widths of its interval the most moved parameter moves
 * @param beyond parameters that leave their interval
 */
public record Influence(
    List<Observations.Observation> observations,
    Map<String, Double> parameters,
    double shift,
    List<String> beyond) {
  public Influence {
    observations = List.copyOf(observations);
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    beyond = List.copyOf(beyond);
  }
}
