package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.Observations.Observation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.function.Predicate;

/** The settings of a fit. They are changed only in {@link #with}, on a new copy. */
final class FitSettings {
  /** Marker for a number of resamples that is chosen according to the cost of a fit. */
  static final int BY_COST = -1;

  final LawForm form;

  /** The name of the fit in refusals. */
  String name;

  Objective objective = Objective.HUBER_LOG;
  double delta = Objective.DELTA;

  /** Parameters that are not fitted, with their values. */
  Map<String, Double> fixed = Map.of();

  Optional<Predicate<Observation>> heldOut = Optional.empty();
  int resamples = BY_COST;
  Resampling resampling = Resampling.automatic();
  long seed;
  Executor executor = Runnable::run;
  DoubleConsumer progress = part -> {};

  FitSettings(LawForm form) {
    this.form = form;
    name = "law " + form.id();
  }

  /** Returns a copy with a change. */
  FitSettings with(Consumer<FitSettings> change) {
    return withForm(form, name, fixed, change);
  }

  /** Returns a copy with another law, all of whose parameters are free. */
  FitSettings withForm(LawForm other) {
    return withForm(other, "law " + other.id(), Map.of(), copy -> {});
  }

  private FitSettings withForm(
      LawForm other, String itsName, Map<String, Double> itsFixed, Consumer<FitSettings> change) {
    FitSettings copy = new FitSettings(other);
    copy.name = itsName;
    copy.objective = objective;
    copy.delta = delta;
    copy.fixed = new LinkedHashMap<>(itsFixed);
    copy.heldOut = heldOut;
    copy.resamples = resamples;
    copy.resampling = resampling;
    copy.seed = seed;
    copy.executor = executor;
    copy.progress = progress;
    change.accept(copy);
    return copy;
  }

  Criterion criterion() {
    return Criterion.of(objective, delta);
  }
}
