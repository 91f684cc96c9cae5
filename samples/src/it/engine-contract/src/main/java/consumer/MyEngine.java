package consumer;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.Engines;
import java.nio.file.Path;
import java.util.Optional;

/** An engine that leaves the work to the engine native. */
public final class MyEngine implements TrainingEngine {
  private final TrainingEngine delegate = Engines.nativeCpu().precision(Precision.FP32);

  @Override
  public String name() {
    return "mine";
  }

  @Override
  public String device() {
    return delegate.device();
  }

  @Override
  public Optional<Problem> unavailable() {
    return delegate.unavailable();
  }

  @Override
  public Cost cost(SessionSpec spec) {
    return delegate.cost(spec);
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return delegate.open(spec);
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    return delegate.openModel(directory, threads);
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return delegate.modelCost(model, vocabulary, threads);
  }
}
