package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.analysis.CountSettings;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.samples.compare.ComparedCorpora;
import dev.mixlaw.samples.compare.ComparisonJson;
import dev.mixlaw.samples.compare.ComparisonPage;
import dev.mixlaw.samples.compare.CorpusComparison;
import dev.mixlaw.samples.compare.CoveredDomains;
import dev.mixlaw.samples.compare.GivenMixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures the corpora in a directory, and how well they, their unions and mixtures cover each
 * domain, by their words. Nothing is trained.
 */
@Command(
    name = "CompareCorpora",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Compares corpora with each other and with domains, by their words.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:the corpora were compared",
      "1:corpora, domains or their description cannot be used",
      "2:an option is invalid"
    })
final class CompareCorpora implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      description =
          "folder with natural/train, synthetic/train, pairs/train and natural/valid, or with texts"
              + " and valid. Each file or folder in them is a text: "
              + StudyTextOptions.FORMATS)
  private Path directory = Path.of("");

  @Option(
      names = "--domains",
      description = "directory of domains (default: natural/valid or valid in DIR)")
  private @Nullable Path domains;

  @Option(
      names = "--text-field",
      description =
          "field of JSON, or column of Parquet, that holds the text (default: ${DEFAULT-VALUE})")
  private String textField = "text";

  @Option(
      names = "--mixture",
      paramLabel = "NAME=CORPUS:SHARE,...",
      description = "mixture to compare with the domains, by shares of words; can be repeated")
  private List<String> mixtures = List.of();

  @Option(
      names = "--covered",
      description =
          "part of a domain's running words that a text must contain to cover it (default:"
              + " ${DEFAULT-VALUE})")
  private double covered = CoveredDomains.DEFAULT_LEAST;

  @Option(
      names = "--language",
      description =
          "language code of the word splitter, und for Unicode rules (default: the language of"
              + " most texts)")
  private @Nullable String language;

  @Option(
      names = "--threads",
      description = "corpora read at a time; results do not depend on it (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "file for all figures as JSON")
  private @Nullable Path json;

  @Option(names = "--report", description = "file for an HTML page with heat maps")
  private @Nullable Path report;

  @Override
  public Integer call() {
    List<GivenMixture> given = check();
    ComparedCorpora found = ComparedCorpora.find(directory, domains, textField);
    found.leftOut().forEach(o -> System.err.println("skipped, not a known text format: " + o));
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      CorpusComparison comparison =
          CorpusComparison.of(
              found,
              given,
              Optional.ofNullable(language).flatMap(Language::ofCode),
              CountSettings.defaults(),
              executor);
      CoveredDomains domainsCovered = CoveredDomains.of(comparison, covered);
      comparison.warnings().forEach(warning -> System.err.println("warning: " + warning));
      ComparisonPage.answers(comparison, domainsCovered).forEach(System.out::println);
      if (json != null) {
        JsonFile.write(json, ComparisonJson.of(comparison, domainsCovered));
      }
      if (report != null) {
        ComparisonPage.of(comparison, domainsCovered).write(report);
      }
      return 0;
    } finally {
      executor.shutdown();
    }
  }

  private List<GivenMixture> check() {
    List<Problem> problems = new ArrayList<>();
    List<GivenMixture> given = GivenMixture.parse(mixtures, problems);
    if (language != null && Language.ofCode(language).isEmpty()) {
      problems.add(
          new Problem(
              "--language",
              language,
              "one of " + Arrays.stream(Language.values()).map(Language::code).toList(),
              "--language"));
    }
    if (!(covered > 0 && covered <= 1)) {
      problems.add(new Problem("--covered", "" + covered, "above 0 and at most 1", "--covered"));
    }
    if (threads < 1) {
      problems.add(new Problem("--threads", "" + threads, "at least 1", "--threads"));
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
    return given;
  }

  public static void main(String[] arguments) {
    System.exit(Samples.run(new CompareCorpora(), arguments));
  }
}
