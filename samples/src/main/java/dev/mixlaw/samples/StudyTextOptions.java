package dev.mixlaw.samples;

import dev.mixlaw.mix.corpus.TextPath;
import dev.mixlaw.samples.corpora.CorporaDirectory;
import dev.mixlaw.samples.corpora.DefaultCorpora;
import dev.mixlaw.samples.corpora.NaturalText;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which text a sample trains on: the user's, or what comes with the samples. */
class StudyTextOptions {
  static final String FORMATS =
      "JSON lines, .txt, .parquet, .wet, most with .gz or .zst, or a folder of them: a Hugging Face"
          + " dataset, say";
  private static final long NATURAL_BYTES = 5_000_000;

  @Option(
      names = "--corpora",
      paramLabel = "DIR",
      description =
          "your own text in place of the default: a folder with natural/train, natural/valid,"
              + " synthetic/train, in each files or folders of text ("
              + FORMATS
              + "), and perhaps pairs/train/pairs.jsonl")
  @Nullable Path corpora;

  @Option(
      names = "--text-field",
      description =
          "field of JSON, or column of Parquet, that holds the text (default: ${DEFAULT-VALUE})")
  String textField = "text";

  /** Collects the text in a folder of the lab. */
  SampleCorpora read(Path lab) {
    Path work = lab.resolve("corpora");
    System.err.println("collecting text in " + work);
    return corpora == null
        ? DefaultCorpora.write(work, NATURAL_BYTES)
        : CorporaDirectory.read(corpora, textField, work);
  }

  /** For samples that train on natural text alone. */
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
            "held-out text for --corpus: a folder of domains, or one; a dataset's own, or some of"
                + " the documents, if it is left out")
    @Nullable Path domains;

    @Override
    SampleCorpora read(Path lab) {
      if (corpus == null) {
        return super.read(lab);
      }
      Path work = lab.resolve("corpora");
      System.err.println("collecting text in " + work);
      return NaturalText.read(at(corpus), Optional.ofNullable(domains).map(this::at), work);
    }

    private TextPath at(Path path) {
      return TextPath.of(path).textField(textField);
    }

    void check(Mistakes mistakes) {
      mistakes.require(
          corpus == null || corpora == null, "--corpus", "with --corpora", "one of the two");
      mistakes.require(domains == null || corpus != null, "--domains", "alone", "with --corpus");
    }
  }
}
