package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.SharedData;
import java.nio.file.Path;
import java.util.List;

/** Runs of Liu et al. 2024, "RegMix": 17 sources of the Pile, losses on 13 of its domains. */
final class RegMix {
  static final String PILE_CC = "metric/the_pile_pile_cc_val_loss";

  private RegMix() {}

  /** 512 models of 1M parameters, of every domain. */
  static MixtureRuns train() {
    return MixtureTable.csv(file("train_mixture_1m"), file("train_pile_loss_1m")).read();
  }

  /** The same, of some domains. */
  static MixtureRuns train(String... domains) {
    return MixtureTable.csv(file("train_mixture_1m"), file("train_pile_loss_1m"))
        .domains(List.of(domains))
        .read();
  }

  /** Models of 1m, 60m or 1B parameters kept apart. */
  static MixtureRuns test(String size) {
    return MixtureTable.csv(file("test_mixture_" + size), file("test_pile_loss_" + size))
        .domains(List.of(PILE_CC))
        .read();
  }

  private static Path file(String name) {
    return SharedData.file("laws/regmix/" + name + ".csv");
  }
}
