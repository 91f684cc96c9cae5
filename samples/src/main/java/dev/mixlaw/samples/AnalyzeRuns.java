package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.Reports;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.eval.table.RunTable;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Analyses a table of losses, which may come from any tool, and writes the same report as for a
 * study.
 */
@Command(
    name = "AnalyzeRuns",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Analyses a table of measured losses: laws, best shares, speed-ups and collapse.")
final class AnalyzeRuns implements Callable<Integer> {
  @Mixin private TableOptions table = new TableOptions();

  @Option(
      names = "--baseline",
      description = "mixture that the others are compared with (default: the first in the table)")
  private @Nullable String baseline;

  @Option(names = "--json", description = "file for the findings as JSON")
  private @Nullable Path json;

  @Option(
      names = "--report",
      description = "file for the HTML report; results.json and runs.jsonl are written next to it")
  private @Nullable Path report;

  @Option(
      names = "--loss",
      split = ",",
      description = "columns of losses, one per domain (default: ${DEFAULT-VALUE})")
  private List<String> losses = List.of("loss");

  @Option(
      names = "--params",
      description =
          "column with the number of non-embedding parameters (default: ${DEFAULT-VALUE})")
  private String params = "params";

  @Option(
      names = "--tokens",
      description = "column with the number of training tokens (default: ${DEFAULT-VALUE})")
  private String tokens = "tokens";

  @Option(
      names = "--mixture",
      description =
          "column with the name of the mixture (default: mixture, or a name made from the shares)")
  private @Nullable String mixture;

  @Option(
      names = "--shares",
      split = ",",
      description = "columns of shares that sum to 1, one per corpus")
  private List<String> shares = List.of();

  @Option(
      names = "--human-tokens",
      description =
          "column with human-written tokens to which synthetic tokens were added; replaces --tokens")
  private @Nullable String human;

  @Option(
      names = "--synthetic-tokens",
      description = "column with the number of synthetic tokens added")
  private @Nullable String synthetic;

  @Option(
      names = "--next",
      split = ",",
      arity = "1",
      paramLabel = "MIXTURE[,MIXTURE]",
      description =
          "print the runs that narrow the interval of the loss of a mixture, or of the difference between two mixtures, most per FLOP")
  private List<String> next = List.of();

  @Option(names = "--next-params", description = "model size for --next, such as 1B")
  private String nextParams = "";

  @Option(names = "--next-tokens", description = "training tokens for --next, such as 20B")
  private String nextTokens = "";

  @Option(names = "--next-flops", description = "compute budget for --next in FLOPs")
  private double nextFlops = 1e18;

  @Override
  public Integer call() {
    check();
    Findings findings = described().analyze();
    if (table.unit().isEmpty()) {
      System.err.println("warning: --unit is not given; losses are read as nats per token");
    }
    print(findings, System.out);
    if (!next.isEmpty()) {
      System.out.println(nextRuns(findings));
    }
    if (json != null) {
      Reports.writeResults(findings, json);
      System.out.println("json: " + json.toAbsolutePath().toUri());
    }
    if (report != null) {
      findings.report(report);
      System.out.println("report: " + report.toAbsolutePath().toUri());
    }
    return 0;
  }

  private void check() {
    OptionProblems problems = new OptionProblems();
    table.check(problems);
    problems.require(
        (human == null) == (synthetic == null),
        "--human-tokens, --synthetic-tokens",
        "only one is given",
        "both or neither");
    if (!next.isEmpty()) {
      problems.attempt("--next-params", () -> Params.params(nextParams));
      problems.attempt("--next-tokens", () -> Tokens.tokens(nextTokens));
    }
    problems.output("--json", json);
    problems.output("--report", report);
    problems.throwIfAny();
  }

  private RunTable described() {
    LossTable asked = table.table().params(params);
    asked =
        human == null || synthetic == null ? asked.tokens(tokens) : asked.added(human, synthetic);
    for (String share : shares) {
      asked = asked.share(share, share);
    }
    RunTable runs =
        RunTable.of(asked, table.unit().orElse(LossUnit.NATS_PER_TOKEN))
            .named(table.name())
            .losses(losses.toArray(String[]::new));
    if (mixture != null) {
      runs = runs.mixture(mixture);
    } else if (shares.isEmpty() && human == null) {
      runs = runs.mixture("mixture");
    }
    return baseline == null ? runs : runs.baseline(baseline);
  }

  private String nextRuns(Findings findings) {
    return findings
        .design(Params.params(nextParams), Tokens.tokens(nextTokens), next.toArray(String[]::new))
        .next(nextFlops)
        .fold(
            (choice, warnings) ->
                Texts.format(
                    "next runs, with %.3g FLOPs; expected width of the 95 %% interval: %.3g%n  %s",
                    choice.flops(),
                    choice.width(),
                    choice.runs().stream().map(RunKey::toString).collect(joining("\n  "))),
            Refusal::toString);
  }

  /**
   * Prints the findings. Decision accuracies are printed only for the largest budget of each model.
   */
  private static void print(Findings findings, PrintStream out) {
    FindingsSummary.print(findings);
    findings.collapses().forEach(out::println);
    findings.decisionAccuracies().stream()
        .collect(Collectors.groupingBy(DecisionAccuracy::params, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(ofModel -> out.println(ofModel.get(ofModel.size() - 1)));
    out.println();
    out.printf("%d laws fitted, %d refusals%n", findings.laws().size(), findings.refusals().size());
    findings.refusals().forEach(out::println);
    findings.provenance().warnings().forEach(w -> out.println("warning: " + w));
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new AnalyzeRuns(), args));
  }
}
