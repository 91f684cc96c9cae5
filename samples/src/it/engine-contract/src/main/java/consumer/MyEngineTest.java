package consumer;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.testkit.EngineContract;

class MyEngineTest extends EngineContract {
  @Override
  protected TrainingEngine engine() {
    return new MyEngine();
  }
}
