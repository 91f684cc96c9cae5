package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A law fitted to the measured losses of one mixture, in nats per token.
 *
 * @param form {@code data}: L(D) = E + B·D^-beta; {@code model}: L(N) = E + A·N^-alpha; {@code
 *     chinchilla}: L(N,D) = E + A·N^-alpha + B·D^-beta; N in non-embedding parameters, D in tokens
 * @param mixture name of the mixture
 * @param domain name of the domain, or {@value #MACRO} for the mean over all domains
 * @param model name of the model to whose runs a law of the form {@code data} was fitted; empty for
 *     other forms
 * @param budget budget of the runs to which a law of the form {@code model} was fitted; empty for
 *     other forms
 * @param parameters parameters by name (E, A, B, alpha, beta), with bootstrap confidence intervals
 * @param objective value of the objective function at its minimum
 * @param r2 coefficient of determination for the losses
 * @param status whether the optimum can be trusted
 * @param points number of points that were fitted; all seeds at a point count as one
 * @param heldOut relative error at the largest D or N when it is left out of the fit
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
    List<String> warnings) {

  /** Domain name of the macro average: the mean of all domains with equal weights. */
  public static final String MACRO = "macro";

  /** Copies the map and the list. */
  public FittedLaw {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    warnings = List.copyOf(warnings);
  }

  /** The status of a fit, which states whether its optimum can be trusted. */
  public enum Status {
    /** The fit converged. */
    CONVERGED,
    /** The fit stopped at a parameter bound. */
    AT_BOUND,
    /** The confidence interval of a parameter is wider than its value. */
    WEAKLY_IDENTIFIED
  }
}
