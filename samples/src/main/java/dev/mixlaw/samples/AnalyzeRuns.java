package dev.mixlaw.samples;

import dev.mixlaw.api.DecisionAccuracy;
import dev.mixlaw.api.Findings;
import dev.mixlaw.eval.analysis.RunTable;
import dev.mixlaw.eval.report.FileReportWriter;
import dev.mixlaw.eval.table.Condition;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.eval.table.LossUnit;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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
  private static final Map<String, LossUnit> UNITS =
      Map.of("nats", LossUnit.NATS_PER_TOKEN, "bpb", LossUnit.BITS_PER_BYTE);

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--csv",
      required = true,
      description = "the table, with a header, one run a row; lines of JSON if it is a .jsonl")
  private Path csv = Path.of("");

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

  @Option(
      names = "--unit",
      description = "of the losses: nats (a token) or bpb (bits per byte); nats if not said")
  private @Nullable String unit;

  @Option(names = "--decimal-comma", description = "numbers are written like 2,34")
  private boolean decimalComma;

  @Option(
      names = "--where",
      description = "keep rows that meet a condition such as corpus=web; may be repeated")
  private List<String> where = new ArrayList<>();

  @Override
  public Integer call() {
    Findings findings = described().analyze();
    if (unit == null) {
      System.err.println("warning: no --unit: losses are taken as nats per token");
    }
    print(findings, System.out);
    if (json != null) {
      new FileReportWriter().writeResults(findings, json);
      System.out.println("json: " + json.toAbsolutePath().toUri());
    }
    if (report != null) {
      findings.report(report);
      System.out.println("report: " + report.toAbsolutePath().toUri());
    }
    return 0;
  }

  private RunTable described() {
    LossTable table = csv.toString().contains(".jsonl") ? LossTable.jsonl(csv) : LossTable.csv(csv);
    table = table.params(params);
    if ((human == null) != (synthetic == null)) {
      throw wrong("--human-tokens and --synthetic-tokens belong together");
    }
    table =
        human == null || synthetic == null ? table.tokens(tokens) : table.added(human, synthetic);
    for (String share : shares) {
      table = table.share(share, share);
    }
    for (String condition : where) {
      try {
        table = table.where(Condition.parse(condition));
      } catch (IllegalArgumentException e) {
        throw wrong("--where: " + e.getMessage());
      }
    }
    if (decimalComma) {
      table = table.decimalComma();
    }
    String name = csv.getFileName().toString();
    RunTable runs =
        RunTable.of(table, lossUnit()).named(name).losses(losses.toArray(String[]::new));
    if (mixture != null) {
      runs = runs.mixture(mixture);
    } else if (shares.isEmpty() && human == null) {
      runs = runs.mixture("mixture");
    }
    return baseline == null ? runs : runs.baseline(baseline);
  }

  private LossUnit lossUnit() {
    if (unit == null) {
      return LossUnit.NATS_PER_TOKEN;
    }
    LossUnit known = UNITS.get(unit);
    if (known == null) {
      throw wrong("--unit is " + unit + "; allowed: nats, bpb");
    }
    return known;
  }

  private CommandLine.ParameterException wrong(String message) {
    if (spec == null) {
      throw new IllegalStateException("run by picocli only");
    }
    return new CommandLine.ParameterException(spec.commandLine(), message);
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
