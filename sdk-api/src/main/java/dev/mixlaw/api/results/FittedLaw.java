package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A law fitted to measured losses of one mixture, in nats per token.
 *
 * @param form {@code data}: L(D) = E + B·D^-beta; {@code model}: L(N) = E + A·N^-alpha; {@code
 *     chinchilla}: L(N,D) = E + A·N^-alpha + B·D^-beta; N in non-embedding parameters, D in tokens
 * @param mixture name
 * @param domain name, or {@value #MACRO} for the mean of all domains
 * @param model name of the one model that {@code data} was fitted at, else empty
 * @param budget the one budget that {@code model} was fitted at, else empty
 * @param parameters by ASCII name (E, A, B, alpha, beta) with bootstrap intervals
 * @param objective the minimised sum
 * @param r2 on the loss itself
 * @param status whether the optimum can be trusted
 * @param points distinct points fitted (seeds of a point count once)
 * @param heldOut relative error on the largest D or N when it is kept out of the fit
 * @param warnings what a reader must know
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

  /** The mean of all domains, each weighing the same. */
  public static final String MACRO = "macro";

  public FittedLaw {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(domain, "domain");
    parameters = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    warnings = List.copyOf(warnings);
  }

  /** Whether the optimum of a fit can be trusted. */
  public enum Status {
    CONVERGED,
    /** A parameter lies at the edge of its allowed range. */
    AT_BOUND,
    /** The data leave a parameter open by more than its own size. */
    WEAKLY_IDENTIFIED
  }
}
