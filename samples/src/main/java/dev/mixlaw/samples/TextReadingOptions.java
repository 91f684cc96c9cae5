package dev.mixlaw.samples;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options for reading the text of the user. */
final class TextReadingOptions {
  @Option(
      names = "--text-field",
      description = "JSON field or Parquet column with the text (default: ${DEFAULT-VALUE})")
  private String textField = "text";

  @Option(
      names = "--bad-record-fraction",
      description =
          "largest fraction of malformed records, which are skipped; up to 100 are skipped in any case unless it is 0 (default: ${DEFAULT-VALUE})")
  private double badRecordFraction = Corpus.DEFAULT_BAD_RECORD_FRACTION;

  TextPath at(Path path) {
    return TextPath.of(path).textField(textField).badRecordFraction(badRecordFraction);
  }
}
