package dev.mixlaw.samples;

import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.eval.RunTable;
import dev.mixlaw.eval.report.Reports;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.api.units.LossUnit;
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
 * Runs that were trained elsewhere, as a table of losses: laws by mixture, best shares, speed-ups
 * and collapse, as a study of this SDK gives them.
 */
@Command(
    name = "AnalyzeRuns",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Says what a table of measured losses tells about mixtures.")
final class AnalyzeRuns implements Callable<Integer> {
  @Mixin private TableOptions table = new TableOptions();

  @Option(
      names = "--baseline",
      description = "mixture that others are compared with (default: the table's first)")
  private @Nullable String baseline;

  @Option(names = "--json", description = "write what was found here")
  private @Nullable Path json;

  @Option(
      names = "--report",
      description = "write a page to look at here, and results.json and runs.jsonl beside it")
  private @Nullable Path report;

  @Option(
      names = "--loss",
      split = ",",
      description = "columns of losses, each a domain (default: ${DEFAULT-VALUE})")
  private List<String> losses = List.of("loss");

  @Option(
      names = "--params",
      description = "column of non-embedding parameters (default: ${DEFAULT-VALUE})")
  private String params = "params";

  @Option(names = "--tokens", description = "column of tokens (default: ${DEFAULT-VALUE})")
  private String tokens = "tokens";

  @Option(
      names = "--mixture",
      description = "column of mixtures' names (default: mixture, or names made of the shares)")
  private @Nullable String mixture;

  @Option(
      names = "--shares",
      split = ",",
      description = "columns of shares of a fixed total, one a corpus, that sum to 1")
  private List<String> shares = List.of();

  @Option(
      names = "--human-tokens",
      description =
          "column of human tokens that synthetic ones were added to; in place of --tokens")
  private @Nullable String human;

  @Option(names = "--synthetic-tokens", description = "column of synthetic tokens added")
  private @Nullable String synthetic;

  @Override
  public Integer call() {
    check();
    Findings findings = described().analyze();
    if (table.unit().isEmpty()) {
      System.err.println("warning: no --unit: losses are taken as nats per token");
    }
    print(findings, System.out);
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
    Mistakes mistakes = new Mistakes();
    table.check(mistakes);
    mistakes.require(
        (human == null) == (synthetic == null),
        "--human-tokens, --synthetic-tokens",
        "one of them",
        "both or none");
    mistakes.output("--json", json);
    mistakes.output("--report", report);
    mistakes.tell();
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

  /** Of decisions, those of each model's largest budget. */
  private static void print(Findings findings, PrintStream out) {
    Answers.print(findings, out);
    findings.collapses().forEach(out::println);
    findings.decisionAccuracies().stream()
        .collect(Collectors.groupingBy(DecisionAccuracy::params, TreeMap::new, Collectors.toList()))
        .values()
        .forEach(ofModel -> out.println(ofModel.get(ofModel.size() - 1)));
    out.println();
    out.printf("%d laws fitted, %d refusals%n", findings.laws().size(), findings.refusals().size());
    findings.provenance().warnings().forEach(w -> out.println("warning: " + w));
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new AnalyzeRuns(), args));
  }
}
