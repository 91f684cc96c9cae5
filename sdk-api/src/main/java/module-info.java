/** Defines studies, their results, and the service interfaces that other modules implement. */
@SuppressWarnings("module") // Jackson is not a dependency
module dev.mixlaw.api {
  requires static com.google.errorprone.annotations;
  requires static transitive org.jspecify;

  exports dev.mixlaw.api;
  exports dev.mixlaw.api.results;
  exports dev.mixlaw.api.rounds;
  exports dev.mixlaw.api.spi;
  exports dev.mixlaw.api.units;
  exports dev.mixlaw.api.internal to
      dev.mixlaw.mix,
      dev.mixlaw.train,
      dev.mixlaw.train.spark,
      dev.mixlaw.eval,
      dev.mixlaw.samples;
  exports dev.mixlaw.api.internal.io to
      dev.mixlaw.mix,
      dev.mixlaw.train,
      dev.mixlaw.train.spark,
      dev.mixlaw.eval,
      dev.mixlaw.samples;
  exports dev.mixlaw.api.internal.spi to
      dev.mixlaw.mix,
      dev.mixlaw.train,
      dev.mixlaw.train.spark,
      dev.mixlaw.eval,
      dev.mixlaw.samples;

  // The module train reads and writes the record TextFiles with Jackson.
  opens dev.mixlaw.api.internal to
      com.fasterxml.jackson.databind;

  uses dev.mixlaw.api.internal.spi.DataPreparer;
  uses dev.mixlaw.api.internal.spi.RoundRunner;
  uses dev.mixlaw.api.internal.spi.StudyRunner;
  uses dev.mixlaw.api.spi.Analyst;
  uses dev.mixlaw.api.spi.DomainEvaluator;
  uses dev.mixlaw.api.spi.TrainingEngine;
}
