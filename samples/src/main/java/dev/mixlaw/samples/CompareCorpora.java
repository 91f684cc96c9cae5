package dev.mixlaw.samples;

import dev.mixlaw.mix.compare.CorpusComparison;
import dev.mixlaw.samples.compare.ComparisonJson;
import dev.mixlaw.samples.compare.ComparisonPage;
import dev.mixlaw.samples.compare.CoveredDomains;
import dev.mixlaw.samples.corpora.ComparedCorpora;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares the words in corpora and mixtures with the words in domains. Trains nothing. */
@Command(
    name = "CompareCorpora",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Compares the words in corpora with each other and with the words in domains.",
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
          "folder with natural/train, synthetic/train, pairs/train and natural/valid, or with texts and a folder valid. Each file or folder in them is a text: "
              + StudyTextOptions.FORMATS)
  private Path directory = Path.of("");

  @Option(
      names = "--domains",
      description = "directory of domains (default: natural/valid or valid in DIR)")
  private @Nullable Path domains;

  @Mixin private TextReadingOptions reading = new TextReadingOptions();

  @Option(
      names = "--mixture",
      paramLabel = "NAME=CORPUS:SHARE,...",
      description =
          "mixture to compare with the domains, given as shares of words; can be repeated")
  private List<String> mixtures = List.of();

  @Option(
      names = "--covered",
      description =
          "share of a domain's running words that a text must contain to cover the domain (default: ${DEFAULT-VALUE})")
  private double covered = CoveredDomains.DEFAULT_LEAST;

  @Option(
      names = "--language",
      description =
          "language code of the word splitter, or und for Unicode rules (default: the most common language of the texts)")
  private @Nullable String language;

  @Option(
      names = "--threads",
      description =
          "number of corpora read at once; results do not depend on it (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "file for all figures as JSON")
  private @Nullable Path json;

  @Option(names = "--report", description = "file for an HTML page with heat maps")
  private @Nullable Path report;

  @Override
  public Integer call() {
    Map<String, Map<String, Double>> shares = check();
    ComparedCorpora found = ComparedCorpora.find(directory, domains, reading::at);
    found.leftOut().forEach(o -> System.err.println("skipped (not a known text format): " + o));
    CorpusComparison comparison =
        CorpusComparison.of(
            found.corpora(), found.domains(), shares, Optional.ofNullable(language), threads);
    CoveredDomains domainsCovered = CoveredDomains.of(comparison, covered);
    comparison.warnings().forEach(warning -> System.err.println("warning: " + warning));
    List<String> answers = ComparisonPage.answers(comparison, domainsCovered, shares.keySet());
    answers.forEach(System.out::println);
    JsonFile.write(json, ComparisonJson.of(comparison, domainsCovered));
    if (report != null) {
      ComparisonPage.of(comparison, domainsCovered, answers).write(report);
    }
    return 0;
  }

  private Map<String, Map<String, Double>> check() {
    OptionProblems problems = new OptionProblems();
    Map<String, Map<String, Double>> shares = MixtureShares.parse(mixtures, problems);
    if (language != null) {
      problems.require(
          CorpusComparison.languages()
              .contains(language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT)),
          "--language",
          language,
          "one of " + CorpusComparison.languages());
    }
    problems.require(covered > 0 && covered <= 1, "--covered", covered, "above 0 and at most 1");
    problems.require(threads >= 1, "--threads", threads, "at least 1");
    problems.output("--json", json);
    problems.output("--report", report);
    problems.throwIfAny();
    return shares;
  }

  public static void main(String[] arguments) {
    System.exit(Samples.run(new CompareCorpora(), arguments));
  }
}
