package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.dl4j.Dl4jEngine;
import org.junit.jupiter.api.Test;

class Dl4jEngineTest extends OwnEngineContract {
  @Override
  protected TrainingEngine engine() {
    return new Dl4jEngine();
  }

  @Test
  void whatJavasBuffersCannotHoldIsRefusedBeforeAnythingIsAllocated() {
    SessionSpec spec = spec(ModelSpec.of("huge", 8192, 64, 64, 22016), 1, 1);

    assertThatThrownBy(() -> engine().open(spec))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("weights do not fit");
  }
}
