package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.eval.report.ForestPlot;
import dev.mixlaw.eval.report.HtmlPage;
import dev.mixlaw.eval.report.HtmlTable;
import dev.mixlaw.eval.report.Reports;
import dev.mixlaw.samples.ReferenceChecks.Check;
import dev.mixlaw.samples.ReferenceFindings.Finding;
import dev.mixlaw.samples.ReferencePredictions.Prediction;
import dev.mixlaw.samples.corpora.ReferenceCorpora;
import dev.mixlaw.train.run.LabInventory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Checks the seven findings of Kang et al. (2025) with small models. Opens the losses that are
 * shipped with Mixlaw, or trains the models again.
 */
@Command(
    name = "ReferenceStudy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Checks seven published findings on synthetic training text with small models. Without --plan, --train and --export, opens measured losses and writes the report.")
final class ReferenceStudy implements Callable<Integer> {
  @Mixin private final LabOptions options = new LabOptions();

  @Option(
      names = "--losses",
      paramLabel = "FILE.csv",
      description =
          "measured losses, with words.csv next to them (default: samples/reference/losses.csv; with --train or --export losses.csv in the lab)")
  private @Nullable Path losses;

  @Option(names = "--report", description = "file for the report (default: ${DEFAULT-VALUE})")
  private Path report = Path.of("reference.html");

  @Option(names = "--json", description = "file for the findings and predictions as JSON")
  private @Nullable Path json;

  @Option(
      names = "--studies",
      paramLabel = "DIR",
      description = "also write the full report of each study, in a folder of this directory")
  private @Nullable Path studies;

  @Option(
      names = "--corpora",
      paramLabel = "DIR",
      description = "the corpora to train on, as described in samples/reference/sources.md")
  private @Nullable Path corpora;

  @Option(names = "--plan", description = "print the plan and train nothing")
  private boolean plan;

  @Option(
      names = "--train",
      description =
          "train what is missing in the lab, in the stages of the plan, and write the losses; may be stopped and repeated")
  private boolean train;

  @Option(
      names = "--submit",
      description = "leave all training to the sample Worker; then use --export")
  private boolean submit;

  @Option(
      names = "--export",
      description = "write the losses of all finished runs in the lab to --losses, train nothing")
  private boolean export;

  /** The content of the JSON file. */
  record Document(
      int schema,
      List<Finding> findings,
      List<Check> reasons,
      List<Check> finePhrase,
      List<Prediction> predictions) {}

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    options.check(problems);
    problems.require(
        corpora != null || !(plan || train || submit), "--corpora", "not given", "a directory");
    problems.output("--report", report);
    problems.output("--json", json);
    problems.throwIfAny();
    Path csv =
        losses != null
            ? losses
            : train || export
                ? options.directory.resolve("losses.csv")
                : Path.of("samples/reference/losses.csv");
    if (plan || train || submit || export) {
      useLab(csv);
    }
    if (!plan && !submit) {
      report(csv);
    }
    return 0;
  }

  private void useLab(Path csv) {
    try (Lab lab = options.builder().open();
        ProgressLine progress = new ProgressLine()) {
      if (corpora != null) {
        Path work = options.directory.resolve("corpora");
        run(lab, new ReferenceDesign(ReferenceCorpora.read(corpora, work)), progress);
      }
      if (train || export) {
        List<Findings> studies =
            LabInventory.open(options.directory).studies().stream()
                .filter(study -> study.startsWith(ReferenceDesign.PREFIX))
                .map(lab::findings)
                .toList();
        ReferenceLosses.write(studies, csv);
      }
    }
  }

  private void run(Lab lab, ReferenceDesign design, ProgressLine progress) {
    if (plan) {
      print(lab, design, progress);
    } else if (submit) {
      design.all().forEach(study -> lab.submit(study, progress));
    } else if (train) {
      for (List<Study> stage : design.stages()) {
        stage.forEach(study -> lab.submit(study, progress));
        lab.work(progress);
      }
    }
  }

  /** Prints the plans of all studies, and which differences the small models detect. */
  private static void print(Lab lab, ReferenceDesign design, ProgressLine progress) {
    for (Study study : design.all()) {
      Plan whole = lab.plan(study, progress);
      progress.close();
      System.out.println(whole);
      System.out.printf("digest of the plan: %s%n%n", whole.digest());
    }
    for (Study grid : design.grids()) {
      String models = grid.models().stream().map(ModelSpec::name).collect(joining(" and "));
      System.out.printf("%s, models %s, %s seeds:%n", grid.name(), models, grid.seeds());
      Plan small = lab.plan(grid, progress);
      progress.close();
      small.notes().stream().filter(note -> note.contains("detects")).forEach(System.out::println);
    }
  }

  private void report(Path csv) {
    ReferenceLosses opened = ReferenceLosses.open(csv);
    ReferenceFindings measured = new ReferenceFindings(opened);
    List<Finding> everywhere = measured.atEachSize();
    Document document =
        new Document(
            1,
            measured.atPrimarySize(everywhere),
            measured.reasons(),
            measured.finePhrase(),
            measured.predictions());
    document.findings().forEach(finding -> System.out.println(finding.sentence()));
    JsonFile.write(json, document);
    page(measured, everywhere, document).write(report);
    System.out.println("report: " + report.toAbsolutePath().normalize().toUri());
    if (studies != null) {
      for (String study : opened.studies()) {
        Findings byDomain = opened.findings(study, opened.naturalDomains());
        Reports.write(byDomain, studies.resolve(study).resolve("report.html"));
      }
    }
  }

  private static HtmlPage page(
      ReferenceFindings measured, List<Finding> everywhere, Document document) {
    HtmlPage page =
        HtmlPage.titled("Do findings on synthetic text hold?")
            .lead(
                "Kang et al. (2025, arXiv 2510.01631), checked with %s. Nats per token; 95 %% intervals."
                    .formatted(document.findings().get(0).scale()))
            .answer(document.findings().stream().map(Finding::sentence).toList())
            .section("Sizes");
    for (Finding finding : document.findings()) {
      page.heading("%d. %s".formatted(finding.number(), finding.statement()))
          .items(
              everywhere.stream()
                  .filter(f -> f.number() == finding.number())
                  .map(f -> "%s: %s; %s".formatted(f.scale(), f.verdict(), f.measured()))
                  .toList());
    }
    page.section("Differences");
    for (Findings study : measured.studies().subList(0, 2)) {
      page.figure(study.provenance().study(), differences(study).drawing());
    }
    return page.section("Reasons")
        .paragraph(
            "Is quality-filtered text as good as rephrased text? Is the effect due to the style of the domains? Does it hold at other learning rates?")
        .items(document.reasons().stream().map(Check::measured).toList())
        .section("Other studies")
        .paragraph(
            "Kang et al. find the lowest loss with about 30 % rephrased text. FinePhrase (Niklaus et al. 2026, arXiv 2604.13977; 1.7B parameters, 21B tokens) finds the best benchmark scores with 60 % FAQs or tutorials, 70 % tables and 80 % maths problems. Our text nearest to these formats is questions and answers:")
        .items(document.finePhrase().stream().map(Check::measured).toList())
        .section("Decisions")
        .paragraph("How often do smaller models rank two mixtures as the largest one does?")
        .table(decisions(measured.studies()))
        .section("Predictions")
        .items(
            Stream.of(
                    ReferencePredictions.OVER_TOKENS,
                    ReferencePredictions.AT_BUDGET,
                    ReferencePredictions.OVER_SIZES)
                .map(law -> ReferencePredictions.summary(document.predictions(), law))
                .flatMap(Optional::stream)
                .toList())
        .folded(
            "All predictions",
            HtmlTable.of(document.predictions())
                .words("mixture", Prediction::mixture)
                .words("law", Prediction::law)
                .number("N", Prediction::params)
                .number("D", Prediction::tokens)
                .number("predicted", p -> loss(p.predicted()))
                .number("95 % interval", p -> loss(p.low()) + " to " + loss(p.high()))
                .number("measured", p -> loss(p.measured())));
  }

  private static String loss(double loss) {
    return Texts.format("%.3f", loss);
  }

  private static ForestPlot differences(Findings study) {
    String baseline = study.provenance().baseline();
    ForestPlot plot =
        ForestPlot.differences("Loss against " + baseline, "nats per token, at the largest budget");
    var budget = study.runs().stream().map(r -> r.key().budget()).max((a, b) -> a.compareTo(b));
    study.comparisons().stream()
        .filter(c -> c.domain().equals(FittedLaw.MACRO) && c.budget().equals(budget.orElseThrow()))
        .forEach(c -> plot.row(c.mixture() + ", " + c.model(), c.difference()));
    return plot;
  }

  /** A study, and how well smaller models at its largest budget rank the mixtures. */
  private record Decision(String study, DecisionAccuracy of) {}

  private static HtmlTable<Decision> decisions(List<Findings> studies) {
    return HtmlTable.of(
            studies.stream()
                .flatMap(
                    study ->
                        study.decisionAccuracies().stream()
                            .filter(d -> d.tokens().equals(d.targetTokens()))
                            .map(d -> new Decision(study.provenance().study(), d)))
                .toList())
        .words("study", Decision::study)
        .number("N", d -> d.of().params())
        .number("largest N", d -> d.of().targetParams())
        .number("D", d -> d.of().tokens())
        .number("mixtures", d -> d.of().mixtures())
        .number("same order", d -> ReferenceChecks.percent(d.of().accuracy()))
        .number("regret", d -> loss(d.of().regret()));
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new ReferenceStudy(), args));
  }
}
