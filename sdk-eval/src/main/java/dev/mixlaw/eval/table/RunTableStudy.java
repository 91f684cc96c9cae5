package dev.mixlaw.eval.table;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

record RunTableStudy(Provenance provenance, List<RunResult> runs, Metric metric) {
  private static final String HUMAN = "human";
  private static final String SYNTHETIC = "synthetic";

  private record Row(
      TableReader.Entry entry,
      String mixture,
      Map<String, Double> shares,
      long params,
      long tokens) {
    String line() {
      return entry.place();
    }

    String size() {
      return new Params(params).toString();
    }
  }

  static RunTableStudy read(RunTable description) {
    TableReader table = TableReader.read(description.table(), false);
    List<String> means = table.losses().stream().filter(Names::isMean).toList();
    if (!means.isEmpty()) {
      throw MixlawException.data(
          "names of the loss columns",
          String.join(", ", means),
          "other names, because results use these names for means over domains",
          "rename the columns");
    }
    requireInputs(table.inputs());
    List<Row> rows = table.entries().stream().map(e -> row(e, table)).toList();
    Map<String, Map<String, Double>> mixtures = mixtures(rows);
    String baseline = description.baseline().orElse(mixtures.keySet().iterator().next());
    if (!mixtures.containsKey(baseline)) {
      throw MixlawException.data(
          "baseline " + baseline,
          "not in the table",
          "one of " + String.join(", ", mixtures.keySet()),
          "set another baseline with RunTable.baseline");
    }
    Metric metric = description.table().metricOf(table.losses().get(0));
    return new RunTableStudy(
        provenance(description, table, metric, mixtures, baseline),
        runs(rows, table.losses(), description.table()),
        metric);
  }

  private static void requireInputs(List<String> inputs) {
    if (!inputs.contains(Input.N)) {
      throw MixlawException.data(
          "the table",
          "no parameter column",
          "a column with the number of parameters",
          "call LossTable.params");
    }
    if (!inputs.contains(Input.D) && !inputs.contains(Input.HUMAN)) {
      throw MixlawException.data(
          "the table",
          "no token column",
          "a column with the number of tokens",
          "call LossTable.tokens or LossTable.added");
    }
  }

  private static Row row(TableReader.Entry entry, TableReader table) {
    Map<String, Double> shares = table.shares(entry);
    double tokens;
    if (table.inputs().contains(Input.HUMAN)) {
      double human = table.value(entry, Input.HUMAN).orElseThrow();
      double synthetic = table.value(entry, Input.SYNTHETIC).orElseThrow();
      tokens = human + synthetic;
      shares.put(HUMAN, human / tokens);
      shares.put(SYNTHETIC, synthetic / tokens);
      shares.values().removeIf(s -> s == 0);
    } else {
      tokens = table.value(entry, Input.D).orElseThrow();
    }
    if (entry.mixture().isEmpty() && shares.isEmpty()) {
      throw MixlawException.data(
          "the table",
          "no column identifies the mixture of a row",
          "a column of mixture names, share columns, or columns of human and synthetic tokens",
          "call RunTable.mixture, LossTable.share or LossTable.added");
    }
    return new Row(
        entry,
        entry.mixture().orElseGet(() -> name(shares)),
        shares,
        TableReader.count(table.value(entry, Input.N).orElseThrow()),
        TableReader.count(tokens));
  }

  /**
   * Returns a mixture name such as {@code web} or {@code web+hq-33}. Each corpus except the first
   * is followed by its percentage.
   */
  private static String name(Map<String, Double> shares) {
    StringBuilder name = new StringBuilder();
    shares.forEach(
        (corpus, share) -> {
          if (name.length() == 0) {
            name.append(corpus);
          } else {
            String percent = Texts.format("%.1f", 100 * share);
            name.append('+').append(corpus).append('-').append(percent.replaceFirst("\\.0$", ""));
          }
        });
    return name.toString();
  }

  private static Map<String, Map<String, Double>> mixtures(List<Row> rows) {
    Map<String, Row> first = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    for (Row row : rows) {
      Row other = first.putIfAbsent(row.mixture(), row);
      if (other != null && !similar(other.shares(), row.shares())) {
        problems.add(
            new Problem(
                row.line() + ", mixture " + row.mixture(),
                "shares " + row.shares(),
                "the same shares as in " + other.line() + ", " + other.shares(),
                "edit the file, or set another column with RunTable.mixture"));
      }
    }
    TableFile.throwAny(problems);
    Map<String, Map<String, Double>> mixtures = new LinkedHashMap<>();
    first.forEach((name, row) -> mixtures.put(name, row.shares()));
    return mixtures;
  }

  private static boolean similar(Map<String, Double> a, Map<String, Double> b) {
    return a.keySet().equals(b.keySet())
        && a.keySet().stream().allMatch(c -> Math.abs(a.get(c) - b.get(c)) < 1e-3);
  }

  private static List<RunResult> runs(List<Row> rows, List<String> columns, LossTable table) {
    Map<String, Set<Long>> sizes = new HashMap<>();
    rows.forEach(r -> sizes.computeIfAbsent(r.size(), n -> new HashSet<>()).add(r.params()));
    Map<Object, List<String>> seeds = new HashMap<>();
    Map<RunKey, String> lines = new HashMap<>();
    List<Problem> problems = new ArrayList<>();
    List<RunResult> runs = new ArrayList<>();
    for (Row row : rows) {
      Object point =
          row.entry().cluster().isPresent()
              ? List.of(row.mixture(), row.params())
              : List.of(row.mixture(), row.params(), row.tokens());
      List<String> known = seeds.computeIfAbsent(point, p -> new ArrayList<>());
      String cluster = row.entry().cluster().orElse(row.line());
      if (!known.contains(cluster)) {
        known.add(cluster);
      }
      RunKey key =
          new RunKey(
              row.mixture(),
              sizes.get(row.size()).size() == 1 ? row.size() : String.valueOf(row.params()),
              new Tokens(row.tokens()),
              known.indexOf(cluster));
      String line = lines.putIfAbsent(key, row.line());
      if (line != null) {
        problems.add(
            new Problem(
                row.line() + ", run " + cluster,
                "the same mixture, N and D as in " + line,
                "only one row for each checkpoint of a run",
                "edit the file, or set another column with LossTable.cluster"));
      }
      List<Measurement> measured = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        double value = row.entry().losses()[i];
        measured.add(
            new Measurement(
                columns.get(i),
                table.metricOf(columns.get(i)),
                Estimate.of(value, value, value),
                List.of()));
      }
      double flops = 6.0 * row.params() * row.tokens();
      runs.add(
          new RunResult(
              key,
              row.line(),
              Optional.empty(),
              row.params(),
              row.params(),
              row.tokens(),
              flops,
              flops,
              row.shares(),
              row.shares(),
              Map.of(),
              0,
              0,
              OptionalDouble.empty(),
              measured,
              0));
    }
    TableFile.throwAny(problems);
    return runs;
  }

  private static Provenance provenance(
      RunTable description,
      TableReader table,
      Metric metric,
      Map<String, Map<String, Double>> mixtures,
      String baseline) {
    List<String> warnings = new ArrayList<>(table.warnings());
    if (metric.equals(Metric.NATS_PER_TOKEN)) {
      warnings.add(
          "losses in nats per token cannot be converted to bits per byte without the size of the text, so bits_per_byte is null in results.json");
    }
    if (description.table().weight.isPresent()) {
      warnings.add("weights of rows are used in fits of laws, but not in this analysis of runs");
    }
    warnings.add(
        "losses come from a table: intervals do not include the uncertainty due to evaluation documents");
    if (mixtures.values().stream().allMatch(Map::isEmpty)) {
      warnings.add("no share columns were given, so there are no best shares");
    }
    return new Provenance(
        description.study(),
        mixtures,
        List.of(),
        table.losses().stream()
            .filter(c -> description.table().metricOf(c).equals(metric))
            .map(RunTableStudy::domain)
            .toList(),
        "not known",
        0,
        "none (the losses come from a table)",
        "not known",
        baseline,
        List.of(),
        Map.of("unit", metric.toString()),
        warnings,
        description.words());
  }

  private static TextFacts domain(String name) {
    return new TextFacts(name, CorpusKind.OTHER, Optional.empty(), 0, 0, 0, 0, "not known");
  }
}
