package dev.mixlaw.eval.law;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The result of a fit without one or more observations.
 *
 * @param parameters map from the name of a parameter to its value without these observations
 * @param shift largest shift of a parameter, in half-widths of its confidence interval
 * @param beyond names of the parameters that leave their confidence interval
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
