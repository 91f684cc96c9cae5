module consumer {
  requires dev.mixlaw.train;

  provides dev.mixlaw.api.spi.TrainingEngine with
      consumer.MyEngine;
}
