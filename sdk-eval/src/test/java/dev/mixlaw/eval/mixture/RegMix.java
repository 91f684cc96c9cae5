package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.SharedData;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;

/**
 * Runs of Liu et al. 2024, "RegMix: Data Mixture as Regression for Language Model Pre-training", on
 * 17 sources of the Pile, with losses on 13 of its domains.
 */
final class RegMix {
  static final String PILE_CC = "metric/the_pile_pile_cc_val_loss";

  private RegMix() {}

  /** Returns the 512 training runs of 1M parameters, with the losses on all domains. */
  static MixtureRuns train() {
    return table("train_mixture_1m", "train_pile_loss_1m").mixtureRuns();
  }

  /** Returns the 512 training runs of 1M parameters, with the losses on the given domains. */
  static MixtureRuns train(String... domains) {
    return table("train_mixture_1m", "train_pile_loss_1m").loss(domains).mixtureRuns();
  }

  /** Returns the held-out runs of a size: {@code 1m}, {@code 60m} or {@code 1B} parameters. */
  static MixtureRuns test(String size) {
    return table("test_mixture_" + size, "test_pile_loss_" + size).loss(PILE_CC).mixtureRuns();
  }

  private static LossTable table(String shares, String losses) {
    return LossTable.csv(file(shares)).joined(file(losses));
  }

  private static Path file(String name) {
    return SharedData.file("laws/regmix/" + name + ".csv");
  }
}
