/**
 * Trains models: engines, checkpoints, and the runners of studies and rounds on one machine.
 *
 * <p>On the module path, the engine {@code native} needs {@code --add-modules ALL-MODULE-PATH},
 * because no module requires the modules that contain its native libraries. Deeplearning4j's jars
 * share packages and cannot be modules, so the engine {@code dl4j} runs on the class path only.
 */
module dev.mixlaw.train {
  requires transitive dev.mixlaw.api;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.datatype.jdk8;
  requires com.sun.jna;
  requires jdk.management;
  requires org.bytedeco.dnnl;
  requires org.bytedeco.javacpp;

  exports dev.mixlaw.train.engine;
  exports dev.mixlaw.train.run;
  // The engine dl4j shares these packages with the engines of this module.
  exports dev.mixlaw.train.engine.vector to
      dev.mixlaw.dl4j;
  exports dev.mixlaw.train.engine.weights to
      dev.mixlaw.dl4j;

  // The module spark keeps labs in other stores.
  exports dev.mixlaw.train.storage to
      dev.mixlaw.train.spark;

  // Jackson reads and writes records of these packages.
  opens dev.mixlaw.train.rounds to
      com.fasterxml.jackson.databind;
  opens dev.mixlaw.train.run to
      com.fasterxml.jackson.databind;
  opens dev.mixlaw.train.run.child to
      com.fasterxml.jackson.databind;

  provides dev.mixlaw.api.internal.spi.RoundRunner with
      dev.mixlaw.train.rounds.LocalRoundRunner;
  provides dev.mixlaw.api.internal.spi.StudyRunner with
      dev.mixlaw.train.run.LocalStudyRunner;
  provides dev.mixlaw.api.spi.TrainingEngine with
      dev.mixlaw.train.engine.llama.cpu.NativeEngine,
      dev.mixlaw.train.engine.llama.cuda.CudaEngine;
}
