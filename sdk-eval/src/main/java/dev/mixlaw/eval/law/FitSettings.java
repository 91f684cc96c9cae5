package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.Observations.Observation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/**
 * The settings of a fit.
 *
 * @param form the law
 * @param name name of the fit in refusals
 * @param objective function that the fit minimizes
 * @param fixed parameters that are not fitted, with their values
 * @param heldOut observations that are kept out of the fit
 * @param resamples number of resamples
 * @param resampling source of the resampled data
 * @param seed of starting points and resamples
 * @param executor that refits run in
 */
record FitSettings(
    LawForm form,
    String name,
    Objective objective,
    Map<String, Double> fixed,
    Optional<Predicate<Observation>> heldOut,
    int resamples,
    Resampling resampling,
    long seed,
    Executor executor) {
  FitSettings {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(objective, "objective");
    Objects.requireNonNull(heldOut, "heldOut");
    Objects.requireNonNull(resampling, "resampling");
    Objects.requireNonNull(executor, "executor");
    fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
  }

  Criterion criterion() {
    return Criterion.of(objective);
  }

  FitSettings withForm(LawForm other) {
    return new FitSettings(
        other,
        "law " + other.id(),
        objective,
        Map.of(),
        heldOut,
        resamples,
        resampling,
        seed,
        executor);
  }

  FitSettings withName(String other) {
    return new FitSettings(
        form, other, objective, fixed, heldOut, resamples, resampling, seed, executor);
  }

  FitSettings withObjective(Objective other) {
    return new FitSettings(
        form, name, other, fixed, heldOut, resamples, resampling, seed, executor);
  }

  FitSettings withFixed(String parameter, double value) {
    Map<String, Double> more = new LinkedHashMap<>(fixed);
    more.put(parameter, value);
    return new FitSettings(
        form, name, objective, more, heldOut, resamples, resampling, seed, executor);
  }

  FitSettings withHeldOut(Predicate<Observation> test) {
    return new FitSettings(
        form, name, objective, fixed, Optional.of(test), resamples, resampling, seed, executor);
  }

  FitSettings withResamples(int number) {
    return new FitSettings(
        form, name, objective, fixed, heldOut, number, resampling, seed, executor);
  }

  FitSettings withResampling(Resampling other) {
    return new FitSettings(form, name, objective, fixed, heldOut, resamples, other, seed, executor);
  }

  FitSettings withSeed(long other) {
    return new FitSettings(
        form, name, objective, fixed, heldOut, resamples, resampling, other, executor);
  }

  FitSettings withExecutor(Executor other) {
    return new FitSettings(
        form, name, objective, fixed, heldOut, resamples, resampling, seed, other);
  }
}
