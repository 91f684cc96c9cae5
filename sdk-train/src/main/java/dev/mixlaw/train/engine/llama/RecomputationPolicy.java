package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.Cost;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Chooses which activations a training step keeps, according to {@link LlamaEngine#KEEP}. */
record RecomputationPolicy(String setting) {
  static final String AUTO = "auto";
  private static final String EVERYTHING = "everything";
  private static final String PRODUCTS = "products";
  private static final String INPUTS = "inputs";
  private static final List<String> SETTINGS = List.of(AUTO, EVERYTHING, PRODUCTS, INPUTS);

  /** A recomputation setting and the resulting cost of a session. */
  record Choice(Recomputation recomputation, Cost cost) {}

  Optional<Problem> problem(String engine) {
    return SETTINGS.contains(setting)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "engine " + engine + ": unknown setting for activation checkpointing",
                setting,
                String.join(", ", SETTINGS),
                LlamaEngine.KEEP));
  }

  private List<Recomputation> choices(ModelSpec model) {
    return switch (setting) {
      case EVERYTHING -> List.of(Recomputation.keepEverything(model));
      case PRODUCTS -> List.of(Recomputation.keepProducts(model));
      case INPUTS -> List.of(Recomputation.keepInputs(model));
      default -> Recomputation.choices(model);
    };
  }

  /**
   * Returns the setting that keeps the most activations within a memory limit in bytes, or the
   * setting that needs the least memory if none is within the limit.
   */
  Choice choose(SessionSpec spec, long limit, Function<Recomputation, Cost> costs) {
    Recomputation everything = Recomputation.keepEverything(spec.model());
    List<Recomputation> choices = choices(spec.model());
    Recomputation chosen = choices.get(0);
    Cost cost = costs.apply(chosen);
    for (int i = 1; i < choices.size() && cost.memoryBytes() > limit; i++) {
      chosen = choices.get(i);
      cost = costs.apply(chosen);
    }
    if (!chosen.equals(everything)) {
      String note = note(spec.model(), chosen, costs.apply(everything), cost, limit);
      cost = new Cost(cost.memoryBytes(), cost.tokensPerSecond(), note);
    }
    return new Choice(chosen, cost);
  }

  private String note(ModelSpec model, Recomputation chosen, Cost most, Cost cost, long limit) {
    String what =
        chosen.recomputedBlocks() == 0
            ? "the backward pass recomputes norms, gated units and attention weights of model "
                + model.name()
            : Texts.format(
                "the backward pass recomputes %d of %d blocks of model %s, which adds %.0f %% to its training",
                chosen.recomputedBlocks(),
                model.layers(),
                model.name(),
                100 * (most.tokensPerSecond() / cost.tokensPerSecond() - 1));
    String why =
        setting.equals(AUTO)
            ? "storing all activations takes %s bytes instead of %s bytes; %s bytes are available"
                .formatted(most.memoryBytes(), cost.memoryBytes(), limit)
            : LlamaEngine.KEEP + " is " + setting;
    return what + ": " + why;
  }
}
