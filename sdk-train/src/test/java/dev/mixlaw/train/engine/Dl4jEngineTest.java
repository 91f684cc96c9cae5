package dev.mixlaw.train.engine;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.dl4j.Dl4jEngine;

class Dl4jEngineTest extends EngineContract {
  @Override
  TrainingEngine engine() {
    return new Dl4jEngine();
  }
}
