package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.TrainingEngine;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void theEngineIsFoundByNameAndByItself() {
    assertThat(Engines.all()).extracting(TrainingEngine::name).contains("dl4j");
    assumeTrue(Engines.all().get(0).unavailable().isEmpty(), "no engine can run here");
    assertThat(Engines.byName("dl4j").name()).isEqualTo("dl4j");
    assertThat(Engines.auto().unavailable()).isEmpty();
    assertThat(Engines.byName("auto").name()).isEqualTo(Engines.auto().name());
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Engines.byName("torch"))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("torch")
        .hasMessageContaining("dl4j");
  }
}
