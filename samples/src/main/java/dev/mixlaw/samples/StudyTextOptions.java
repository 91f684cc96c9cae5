package dev.mixlaw.samples;

import dev.mixlaw.samples.corpora.CorporaDirectory;
import dev.mixlaw.samples.corpora.DefaultCorpora;
import dev.mixlaw.samples.corpora.NaturalText;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the training text, which is either the text of the user or the default text. */
class StudyTextOptions {
  static final String FORMATS =
      "JSON Lines, .txt, .parquet or .wet, most also compressed (.gz, .zst), or a folder of them, such as a Hugging Face dataset";
  private static final long NATURAL_BYTES = 5_000_000;

  @Option(
      names = "--corpora",
      paramLabel = "DIR",
      description =
          "your own text: a folder with natural/train, natural/valid and synthetic/train, each with files or folders of text ("
              + FORMATS
              + "), and optionally pairs/train/pairs.jsonl")
  @Nullable Path corpora;

  @Mixin TextReadingOptions reading = new TextReadingOptions();

  SampleCorpora read(Path lab) {
    Path work = lab.resolve("corpora");
    System.err.println("preparing text in " + work);
    return corpora == null
        ? DefaultCorpora.write(work, NATURAL_BYTES)
        : CorporaDirectory.read(corpora, reading::at, work);
  }

  /** The options of sample programs that train only on natural text. */
  static final class Natural extends StudyTextOptions {
    @Option(
        names = "--corpus",
        paramLabel = "PATH",
        description = "your own natural text: " + FORMATS)
    @Nullable Path corpus;

    @Option(
        names = "--domains",
        paramLabel = "PATH",
        description =
            "held-out text for --corpus: one domain or a folder of them (default: the dataset's held-out split, or part of --corpus)")
    @Nullable Path domains;

    @Override
    SampleCorpora read(Path lab) {
      if (corpus == null) {
        return super.read(lab);
      }
      Path work = lab.resolve("corpora");
      System.err.println("preparing text in " + work);
      return NaturalText.read(
          reading.at(corpus), Optional.ofNullable(domains).map(reading::at), work);
    }

    void check(OptionProblems problems) {
      problems.require(
          corpus == null || corpora == null,
          "--corpus",
          "given with --corpora",
          "only one of them");
      problems.require(
          domains == null || corpus != null, "--domains", "given without --corpus", "both");
    }
  }
}
