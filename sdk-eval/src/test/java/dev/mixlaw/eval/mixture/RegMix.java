package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.SharedData;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;

/** Runs of Liu et al. 2024, "RegMix": 17 sources of the Pile, losses on 13 of its domains. */
final class RegMix {
  static final String PILE_CC = "metric/the_pile_pile_cc_val_loss";

  private RegMix() {}

  /** 512 models of 1M parameters, of every domain. */
  static MixtureRuns train() {
    return table("train_mixture_1m", "train_pile_loss_1m").mixtureRuns();
  }

  /** The same, of some domains. */
  static MixtureRuns train(String... domains) {
    return table("train_mixture_1m", "train_pile_loss_1m").loss(domains).mixtureRuns();
  }

  /** Models of 1m, 60m or 1B parameters kept apart. */
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
