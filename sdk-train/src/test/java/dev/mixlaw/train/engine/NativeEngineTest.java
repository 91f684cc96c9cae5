package dev.mixlaw.train.engine;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.decoder.NativeEngine;
import dev.mixlaw.train.engine.decoder.cpu.Cpu;
import dev.mixlaw.train.engine.decoder.cpu.Precision;

class NativeEngineTest extends EngineContract {
  @Override
  TrainingEngine engine() {
    return new NativeEngine(new Cpu(Precision.FP32));
  }
}
