/**
 * Evaluates losses on domains, fits scaling laws, finds best shares and speed-ups, and writes
 * reports.
 */
module dev.mixlaw.eval {
  requires transitive dev.mixlaw.api;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.dataformat.csv;
  requires static com.google.errorprone.annotations;

  exports dev.mixlaw.eval.law;
  exports dev.mixlaw.eval.mixture;
  exports dev.mixlaw.eval.report;
  exports dev.mixlaw.eval.table;
  exports dev.mixlaw.eval.internal to
      dev.mixlaw.eval.boosting;

  opens dev.mixlaw.eval.report to
      com.fasterxml.jackson.databind;

  uses dev.mixlaw.eval.internal.BoostedTreesTrainer;

  provides dev.mixlaw.api.spi.Analyst with
      dev.mixlaw.eval.analysis.StudyAnalyst;
  provides dev.mixlaw.api.spi.DomainEvaluator with
      dev.mixlaw.eval.evaluate.StridedEvaluator;
}
