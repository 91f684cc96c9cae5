package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.Optional;

/** tmp. */
record Backend(String device, Optional<Problem> problem) {
  static Backend find() {
    return new Backend("cpu", Optional.empty());
  }

  TrainingSession open(SessionSpec spec) {
    org.bytedeco.openblas.global.openblas.blas_set_num_threads(1);
    return new Dl4jSession(spec, org.nd4j.linalg.api.buffer.DataType.FLOAT, CpuKernels::new);
  }
}
