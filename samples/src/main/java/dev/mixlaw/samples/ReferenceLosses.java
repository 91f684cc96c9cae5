package dev.mixlaw.samples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Texts;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * The losses of the reference study. The file {@code losses.csv} has a row for each run, with the
 * share of each corpus, the mean loss over the natural domains, and the loss on each domain, in
 * nats per token. The file {@code words.csv} next to it has statistics of the words in each mixture
 * and domain, and no header.
 *
 * @param rows maps from column to cell, in the order of the file
 */
record ReferenceLosses(Path csv, List<Map<String, String>> rows) {
  /** Domains that show the effect of style; losses are averaged over all other domains. */
  static final Set<String> STYLE_DOMAINS =
      Set.of("textbook_llama31", "qa_llama31", "pairs_human", "pairs_rephrased");

  /** Column of the mean loss over the natural domains. */
  static final String MEAN = "natural_mean";

  private static final List<String> RUN =
      List.of("study", "mixture", "model", "seed", "params", "tokens");
  private static final String SHARE = "share_";
  private static final CsvMapper MAPPER =
      CsvMapper.builder().enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING).build();
  private static final List<String> WORDS =
      Stream.concat(
              Stream.of("study", "mixture", "domain"),
              new WordComparison.Fit("", "", 0, 0, 0, 0, 0, 0).statistics().keySet().stream())
          .toList();

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
    List<List<String>> losses = new ArrayList<>();
    List<List<String>> words = new ArrayList<>();
    for (Findings study : studies) {
      String name = study.provenance().study();
      study.runs().stream()
          .filter(RunResult::completed)
          .forEach(run -> losses.add(row(name, run, corpora, domains)));
      for (WordComparison.Fit fit :
          study.provenance().words().map(WordComparison::fits).orElse(List.of())) {
        List<String> cells = new ArrayList<>(List.of(name, fit.mixture(), fit.domain()));
        fit.statistics().values().forEach(value -> cells.add(number(value)));
        words.add(cells);
      }
    }
    save(csv, losses, schema(header).withHeader());
    save(words(csv), words, schema(WORDS));
  }

  private static List<String> row(
      String study, RunResult run, Set<String> corpora, Set<String> domains) {
    List<String> cells =
        new ArrayList<>(
            List.of(
                study,
                run.key().mixture(),
                run.key().model(),
                "" + run.key().seed(),
                "" + run.nonEmbeddingParameters(),
                "" + run.key().budget().count()));
    corpora.forEach(c -> cells.add("" + run.askedShares().getOrDefault(c, 0.0)));
    ToDoubleFunction<String> loss =
        d -> run.measurement(d, Metric.NATS_PER_TOKEN).orElseThrow().value().value();
    Stream<String> natural = domains.stream().filter(domain -> !STYLE_DOMAINS.contains(domain));
    cells.add(number(natural.mapToDouble(loss).average().orElseThrow()));
    domains.forEach(domain -> cells.add(number(loss.applyAsDouble(domain))));
    return cells;
  }

  private static String number(double value) {
    return Texts.format("%.4f", value);
  }

  private static Path words(Path csv) {
    return csv.resolveSibling("words.csv");
  }

  private static CsvSchema schema(List<String> columns) {
    return CsvSchema.builder().addColumns(columns, CsvSchema.ColumnType.STRING).build();
  }

  private static void save(Path file, List<List<String>> rows, CsvSchema schema) {
    try {
      DurableFile.write(file, MAPPER.writer(schema).writeValueAsBytes(rows));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e); // cells are strings
    }
  }

  /**
   * Opens a file of losses.
   *
   * @throws MixlawException of kind DATA if the file cannot be read or does not have the columns
   */
  static ReferenceLosses open(Path csv) {
    ReferenceLosses losses =
        new ReferenceLosses(csv, read(csv, CsvSchema.emptySchema().withHeader()));
    if (!losses.columns().containsAll(RUN) || !losses.columns().contains(MEAN)) {
      throw MixlawException.data(
          "losses in " + csv,
          "columns " + losses.columns(),
          "columns " + RUN + ", shares, " + MEAN + " and domains",
          "pass a file that ReferenceStudy --train wrote");
    }
    return losses;
  }

  private static List<Map<String, String>> read(Path file, CsvSchema schema) {
    try (MappingIterator<Map<String, String>> rows =
        MAPPER.readerForMapOf(String.class).with(schema).readValues(file.toFile())) {
      return rows.readAll();
    } catch (IOException e) {
      throw MixlawException.data(
          file.toString(), e.toString(), "a CSV file", "correct the path, or train the study", e);
    }
  }

  /** Returns the names of the columns, in the order of the file. */
  List<String> columns() {
    return rows.stream().limit(1).flatMap(row -> row.keySet().stream()).toList();
  }

  /** Returns the names of the studies, in the order of the file. */
  List<String> studies() {
    return rows.stream().map(row -> row.get("study")).distinct().toList();
  }

  /** Returns the names of the natural domains. */
  String[] naturalDomains() {
    return columns().subList(columns().indexOf(MEAN) + 1, columns().size()).stream()
        .filter(domain -> !STYLE_DOMAINS.contains(domain))
        .toArray(String[]::new);
  }

  /** Analyzes a study by its losses on domains, or by the mean over the natural domains. */
  Findings findings(String study, String... domains) {
    return table(study, List.of(), domains.length > 0 ? domains : new String[] {MEAN}).analyze();
  }

  /**
   * Describes the runs of a study that satisfy conditions.
   *
   * @param conditions conditions as in {@link LossTable#where}
   * @param columns domains, or {@link #MEAN}
   */
  RunTable table(String study, List<String> conditions, String... columns) {
    LossTable table = LossTable.csv(csv).where("study=" + study).params("params").tokens("tokens");
    for (String condition : conditions) {
      table = table.where(condition);
    }
    for (String column : columns()) {
      table =
          column.startsWith(SHARE) ? table.share(column.substring(SHARE.length()), column) : table;
    }
    return RunTable.of(table.cluster("seed"), LossUnit.NATS_PER_TOKEN)
        .named(study)
        .mixture("mixture")
        .losses(columns);
  }

  /** Returns the word statistics of the mixtures of a study on all domains. */
  WordComparison words(String study, Tokens budget) {
    List<WordComparison.Fit> fits =
        read(words(csv), schema(WORDS)).stream()
            .filter(row -> row.get("study").equals(study))
            .map(ReferenceLosses::fit)
            .toList();
    return new WordComparison("en", budget, 0, fits, List.of());
  }

  private static WordComparison.Fit fit(Map<String, String> row) {
    double[] s =
        WORDS.stream().skip(3).mapToDouble(name -> Double.parseDouble(row.get(name))).toArray();
    return new WordComparison.Fit(
        row.get("mixture"), row.get("domain"), s[0], s[1], s[2], s[3], s[4], s[5]);
  }
}
