package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.Cost;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** How it is chosen what a training step keeps: {@link LlamaEngine#KEEP}. */
record RecomputationPolicy(String setting) {
  static final String AUTO = "auto";
  private static final String EVERYTHING = "everything";
  private static final String PRODUCTS = "products";
  private static final String INPUTS = "inputs";
  private static final List<String> SETTINGS = List.of(AUTO, EVERYTHING, PRODUCTS, INPUTS);

  /**
   * What is kept, and what a session takes then.
   *
   * @param cost with a note if that is less than everything
   */
  record Choice(Recomputation kept, Cost cost) {}

  Optional<Problem> problem(String engine) {
    return SETTINGS.contains(setting)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "engine " + engine + ": no such rule of what is kept of a forward pass",
                setting,
                String.join(", ", SETTINGS),
                LlamaEngine.KEEP));
  }

  private List<Recomputation> choices(ModelSpec model) {
    return switch (setting) {
      case EVERYTHING -> List.of(Recomputation.everything(model));
      case PRODUCTS -> List.of(Recomputation.products(model));
      case INPUTS -> List.of(Recomputation.inputs(model));
      default -> Recomputation.choices(model);
    };
  }

  /**
   * The most that fits, or else the least there is.
   *
   * @param limit in bytes
   */
  Choice choose(SessionSpec spec, long limit, Function<Recomputation, Cost> costs) {
    Recomputation everything = Recomputation.everything(spec.model());
    List<Recomputation> choices = choices(spec.model());
    Recomputation kept = choices.get(0);
    Cost cost = costs.apply(kept);
    for (int i = 1; i < choices.size() && cost.memoryBytes() > limit; i++) {
      kept = choices.get(i);
      cost = costs.apply(kept);
    }
    if (!kept.equals(everything)) {
      String note = note(spec.model(), kept, costs.apply(everything), cost, limit);
      cost = new Cost(cost.memoryBytes(), cost.tokensPerSecond(), note);
    }
    return new Choice(kept, cost);
  }

  private String note(ModelSpec model, Recomputation kept, Cost most, Cost cost, long limit) {
    String again =
        kept.again() == 0
            ? "norms and gated units of model " + model.name() + " are made again on the way back"
            : String.format(
                Locale.ROOT,
                "%d of %d blocks of model %s are computed again on the way back, which adds"
                    + " %.0f %% to its training",
                kept.again(),
                model.layers(),
                model.name(),
                100 * (most.tokensPerSecond() / cost.tokensPerSecond() - 1));
    String why =
        setting.equals(AUTO)
            ? "keeping everything takes "
                + most.memoryBytes()
                + " bytes instead of "
                + cost.memoryBytes()
                + ", and there are "
                + limit
            : LlamaEngine.KEEP + " is " + setting;
    return again + ": " + why;
  }
}
