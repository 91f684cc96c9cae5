/**
 * Corpora, tokenizers, corpus statistics and synthetic text.
 *
 * <p>Libraries that are required {@code static} are optional. Opening a corpus or tokenizer fails
 * if its library is missing, and the message names the artifact to add.
 *
 * <p>The jars of Parquet cannot be modules, because they share packages. An application on the
 * module path that reads Parquet files must put these jars on the class path and add {@code
 * --add-reads dev.mixlaw.mix=ALL-UNNAMED}.
 */
module dev.mixlaw.mix {
  requires transitive dev.mixlaw.api;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires java.net.http;
  requires org.apache.lucene.analysis.common;
  requires org.apache.lucene.core;
  requires static com.google.errorprone.annotations;
  requires static ai.djl.api;
  requires static ai.djl.tokenizers;
  requires static aircompressor;
  requires static com.github.luben.zstd_jni;
  requires static jtokkit;
  requires static jwarc;
  requires static org.snakeyaml.engine.v2;

  exports dev.mixlaw.mix.compare;
  exports dev.mixlaw.mix.corpus;
  exports dev.mixlaw.mix.generate;
  exports dev.mixlaw.mix.generate.builtin;
  exports dev.mixlaw.mix.generate.openai;
  exports dev.mixlaw.mix.generate.spi;
  exports dev.mixlaw.mix.quality;
  exports dev.mixlaw.mix.synthetic;
  exports dev.mixlaw.mix.token;

  // Records that Jackson reads and writes.
  opens dev.mixlaw.mix.generate to
      com.fasterxml.jackson.databind;
  opens dev.mixlaw.mix.prepare to
      com.fasterxml.jackson.databind;

  provides dev.mixlaw.api.internal.spi.DataPreparer with
      dev.mixlaw.mix.prepare.StudyPreparer;
}
