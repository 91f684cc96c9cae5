package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void theEngineIsFoundByNameAndByItself() {
    assertThat(Engines.all()).extracting(TrainingEngine::name).contains("native", "cuda");
    assumeTrue(Engines.all().get(0).unavailable().isEmpty(), "no engine can run here");
    assertThat(Engines.byName("native").name()).isEqualTo("native");
    assertThat(Engines.auto().unavailable()).isEmpty();
    assertThat(Engines.byName("auto").name()).isEqualTo(Engines.auto().name());
  }

  @Test
  void theFastestThatCanRunIsTakenAndTheOthersSayWhyNot() {
    TrainingEngine card = new Engine("card", 100, Optional.of(noCard()));
    TrainingEngine fast = new Engine("fast", 50, Optional.empty());
    TrainingEngine portable = new Engine("a-portable", 10, Optional.of(noCard()));

    Engines.Choice choice = Engines.best(List.of(portable, fast, card));

    assertThat(choice.engine()).isEqualTo(fast);
    assertThat(choice.passedOver()).containsExactly(noCard());
    assertThatThrownBy(() -> Engines.best(List.of(portable, card)))
        .isInstanceOfSatisfying(MixlawException.class, e -> assertThat(e.problems()).hasSize(2));
  }

  @Test
  void anEngineInDoubtIsTakenByNobodyButThoseWhoNameIt() {
    Problem doubt = new Problem("engine odd", "computes otherwise", "the same", "by name");
    TrainingEngine odd =
        new Engine("odd", 110, Optional.empty()) {
          @Override
          public Optional<Problem> doubt() {
            return Optional.of(doubt);
          }
        };
    TrainingEngine sound = new Engine("sound", 50, Optional.empty());

    Engines.Choice choice = Engines.best(List.of(odd, sound));

    assertThat(choice.engine()).isEqualTo(sound);
    assertThat(choice.passedOver()).containsExactly(doubt);
  }

  private static Problem noCard() {
    return new Problem("no card", "none", "one", "hardware");
  }

  /** Never opened. */
  private static class Engine implements TrainingEngine {
    private final String name;
    private final int rank;
    private final Optional<Problem> unavailable;

    Engine(String name, int rank, Optional<Problem> unavailable) {
      this.name = name;
      this.rank = rank;
      this.unavailable = unavailable;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public Optional<Problem> unavailable() {
      return unavailable;
    }

    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public Cost cost(SessionSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainingSession open(SessionSpec spec) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Engines.byName("torch"))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("torch")
        .hasMessageContaining("native");
  }

  @Test
  void theArtifactOfDl4jIsNamedWhereItIsMissing() {
    assumeTrue(Engines.all().stream().noneMatch(e -> e.name().equals("dl4j")), "it is there");
    assertThatThrownBy(() -> Engines.byName("dl4j"))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("dev.mixlaw:mixlaw-dl4j");
  }
}
