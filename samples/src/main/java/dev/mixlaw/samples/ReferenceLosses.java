package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.eval.table.RunTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The losses of the reference study. The file {@code losses.csv} has a row for each run, with the
 * share of each corpus, the mean loss over the natural domains, and the loss on each domain, in
 * nats per token. The file {@code words.csv} next to it has statistics of the words in each mixture
 * and domain.
 *
 * @param columns names of the columns
 * @param studies map from the name of a study to its mixtures and their shares, in the order of the
 *     file
 */
record ReferenceLosses(
    Path csv, List<String> columns, Map<String, Map<String, Map<String, Double>>> studies) {
  /** Domains that show the effect of style; losses are averaged over all other domains. */
  static final Set<String> STYLE_DOMAINS =
      Set.of("textbook_llama31", "qa_llama31", "pairs_human", "pairs_rephrased");

  private static final List<String> RUN =
      List.of("study", "mixture", "model", "seed", "params", "tokens");
  private static final String SHARE = "share_";
  private static final String MEAN = "natural_mean";

  /** Writes the losses and word statistics of studies. Runs without losses are left out. */
  static void write(List<Findings> studies, Path csv) {
    Set<String> corpora = new LinkedHashSet<>();
    Set<String> domains = new LinkedHashSet<>();
    for (Findings study : studies) {
      study.provenance().mixtures().values().forEach(shares -> corpora.addAll(shares.keySet()));
      study.provenance().domains().forEach(domain -> domains.add(domain.name()));
    }
    List<String> header = new ArrayList<>(RUN);
    corpora.forEach(corpus -> header.add(SHARE + corpus));
    header.add(MEAN);
    header.addAll(domains);
    List<String> losses = new ArrayList<>(List.of(String.join(",", header)));
    List<String> words = new ArrayList<>();
    for (Findings study : studies) {
      String name = study.provenance().study();
      for (RunResult run : study.runs()) {
        if (run.completed()) {
          losses.add(name + "," + row(run, corpora, domains));
        }
      }
      for (WordComparison.Fit fit :
          study.provenance().words().map(WordComparison::fits).orElse(List.of())) {
        List<String> cells = new ArrayList<>(List.of(name, fit.mixture(), fit.domain()));
        fit.statistics().values().forEach(value -> cells.add(number(value)));
        words.add(String.join(",", cells));
      }
    }
    save(csv, losses);
    save(words(csv), words);
  }

  private static String row(RunResult run, Set<String> corpora, Set<String> domains) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                run.key().mixture(),
                run.key().model(),
                "" + run.key().seed(),
                "" + run.nonEmbeddingParameters(),
                "" + run.key().budget().count()));
    corpora.forEach(c -> cells.add("" + run.askedShares().getOrDefault(c, 0.0)));
    Map<String, Double> losses = new LinkedHashMap<>();
    run.measurements(Metric.NATS_PER_TOKEN)
        .forEach(m -> losses.put(m.subject(), m.value().value()));
    cells.add(
        number(
            losses.keySet().stream()
                .filter(domain -> !STYLE_DOMAINS.contains(domain))
                .mapToDouble(losses::get)
                .average()
                .orElseThrow()));
    domains.forEach(domain -> cells.add(number(losses.get(domain))));
    return String.join(",", cells);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static void save(Path file, List<String> lines) {
    DurableFile.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Path words(Path csv) {
    return csv.resolveSibling("words.csv");
  }

  /**
   * Opens a file of losses.
   *
   * @throws MixlawException of kind DATA if the file cannot be read or does not have the columns
   */
  static ReferenceLosses open(Path csv) {
    List<String[]> rows = rows(csv);
    List<String> columns = List.of(rows.isEmpty() ? new String[0] : rows.get(0));
    if (!columns.containsAll(RUN) || !columns.contains(MEAN)) {
      throw MixlawException.data(
          "losses in " + csv,
          "columns " + columns,
          "columns " + RUN + ", shares, " + MEAN + " and domains",
          "pass a file that ReferenceStudy --train wrote");
    }
    Map<String, Map<String, Map<String, Double>>> studies = new LinkedHashMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      studies
          .computeIfAbsent(row[columns.indexOf("study")], s -> new LinkedHashMap<>())
          .computeIfAbsent(row[columns.indexOf("mixture")], m -> shares(columns, row));
    }
    return new ReferenceLosses(csv, columns, studies);
  }

  private static Map<String, Double> shares(List<String> columns, String... row) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int i = 0; i < row.length; i++) {
      if (columns.get(i).startsWith(SHARE) && Double.parseDouble(row[i]) > 0) {
        shares.put(columns.get(i).substring(SHARE.length()), Double.parseDouble(row[i]));
      }
    }
    return shares;
  }

  private static List<String[]> rows(Path file) {
    try {
      return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
          .map(line -> line.split(",", -1))
          .toList();
    } catch (IOException e) {
      throw MixlawException.data(
          file.toString(), e.toString(), "a CSV file", "correct the path, or train the study", e);
    }
  }

  /**
   * Analyzes a study by its mean loss over the natural domains, without the single domains, or by
   * the losses on given domains.
   */
  Findings findings(String study, String... domains) {
    LossTable table = LossTable.csv(csv).where("study=" + study).params("params").tokens("tokens");
    Set<String> corpora = new LinkedHashSet<>();
    studies.get(study).values().forEach(shares -> corpora.addAll(shares.keySet()));
    for (String corpus : corpora) {
      table = table.share(corpus, SHARE + corpus);
    }
    return RunTable.of(table.cluster("seed"), LossUnit.NATS_PER_TOKEN)
        .named(study)
        .mixture("mixture")
        .losses(domains.length > 0 ? domains : new String[] {MEAN})
        .analyze();
  }

  /** Returns the names of the natural domains. */
  String[] naturalDomains() {
    return columns.subList(columns.indexOf(MEAN) + 1, columns.size()).stream()
        .filter(domain -> !STYLE_DOMAINS.contains(domain))
        .toArray(String[]::new);
  }

  /** Returns the word statistics of the mixtures of a study, as means over the natural domains. */
  WordComparison words(String study, Tokens budget) {
    List<String> natural = List.of(naturalDomains());
    Map<String, List<double[]>> byMixture = new LinkedHashMap<>();
    for (String[] row : rows(words(csv))) {
      if (row[0].equals(study) && natural.contains(row[2])) {
        byMixture
            .computeIfAbsent(row[1], mixture -> new ArrayList<>())
            .add(Arrays.stream(row).skip(3).mapToDouble(Double::parseDouble).toArray());
      }
    }
    List<WordComparison.Fit> fits = new ArrayList<>();
    byMixture.forEach(
        (mixture, domains) -> {
          double[] mean =
              IntStream.range(0, domains.get(0).length)
                  .mapToDouble(i -> domains.stream().mapToDouble(d -> d[i]).average().orElseThrow())
                  .toArray();
          fits.add(
              new WordComparison.Fit(
                  mixture, MEAN, mean[0], mean[1], mean[2], mean[3], mean[4], mean[5]));
        });
    return new WordComparison("en", budget, 0, fits, List.of());
  }
}
