package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A scaling law fitted to the measured losses of a mixture, in nats per token.
 *
 * @param form {@code data} for L(D) = E + B·D^-beta, {@code model} for L(N) = E + A·N^-alpha, or
 *     {@code chinchilla} for L(N,D) = E + A·N^-alpha + B·D^-beta, where N is the number of
 *     non-embedding parameters and D the number of training tokens
 * @param mixture name of the mixture
 * @param domain name of the domain, or {@value #MACRO} for the mean over all domains
 * @param model name of the model, if the form is {@code data}; otherwise empty
 * @param budget budget of the runs, if the form is {@code model}; otherwise empty
 * @param parameters map from the name of each parameter (E, A, B, alpha or beta) to its value with
 *     a bootstrap confidence interval
 * @param objective value of the objective function at its minimum
 * @param r2 coefficient of determination for the losses
 * @param status whether the optimum can be trusted
 * @param points number of points to which the law was fitted; all seeds at a point count as one
 * @param heldOut relative error at the largest D or N if that point is left out of the fit
 * @param optima best N and D for the largest compute of the fitted runs and for ten times as much,
 *     for a law of the form {@code chinchilla}; empty for other forms, and where there is no
 *     optimum
 * @param warnings what a reader must know before relying on the law
 */
public record FittedLaw(
    String form,
    String mixture,
    String domain,
    Optional<String> model,
    Optional<Tokens> budget,
    Map<String, Estimate> parameters,
    double objective,
    double r2,
    Status status,
    int points,
    OptionalDouble heldOut,
    List<ComputeOptimum> optima,
    List<String> warnings) {

  /**
   * The domain name that denotes the macro average, which is the unweighted mean over all domains.
   */
  public static final String MACRO = "macro";

  /** Copies the map and the lists. */
  public FittedLaw {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    optima = List.copyOf(optima);
    warnings = List.copyOf(warnings);
  }

  /** The status of a fit, which tells whether its optimum can be trusted. */
  public enum Status {
    /** The fit converged. */
    CONVERGED,
    /** The fit stopped at a parameter bound. */
    AT_BOUND,
    /** The confidence interval of a parameter is wider than its value. */
    WEAKLY_IDENTIFIED
  }
}
