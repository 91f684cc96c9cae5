package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

record WordSection(HtmlPage page, FindingsIndex index, WordComparison words) {
  /**
   * A table column that shows a statistic.
   *
   * @param key key in {@link WordComparison.Fit#statistics}
   */
  private record Column(String key, String name, String unit) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("kl", "KL", "nats"),
          new Column("js", "JS", "nats"),
          new Column("coverage_types", "types covered", "%"),
          new Column("coverage_tokens", "words covered", "%"),
          new Column("seen_types", "types seen", "%"),
          new Column("seen_tokens", "words seen", "%"));

  static void write(HtmlPage page, FindingsIndex index) {
    WordComparison words = index.findings().provenance().words().orElseThrow();
    new WordSection(page, index, words).write();
  }

  private void write() {
    page.paragraph(
        "This section shows how similar the words of each mixture are to those of each domain. These numbers help to explain losses but do not predict them: only training shows which text gives the better model.");
    page.paragraph(
        "Words are split by the rules of %s. For texts larger than %s bytes, only a sample of the documents is counted. KL is the divergence of the domain from the mixture, smoothed so that a word that the training text lacks costs 6.9 nats. Seen words are those expected to occur in a run of %s training tokens. Covered words occur anywhere in the corpora of the mixture."
            .formatted(
                words.language().equals("und") ? "Unicode" : words.language(),
                Numbers.count(words.bytesPerText()),
                words.budget()));
    map("Words of the domain that are seen", "%", WordComparison.Fit::seenTokens, 100);
    map("KL divergence of the domain from the mixture", "nats", WordComparison.Fit::kl, 1);
    page.folded("All measures and the losses", measures());
    correlations();
  }

  private Optional<GridPoint> at() {
    return index.findings().wordCorrelations().stream()
        .findFirst()
        .map(c -> new GridPoint(c.model(), c.budget()));
  }

  private Optional<Double> loss(WordComparison.Fit fit) {
    return at().flatMap(at -> index.loss(fit.mixture(), at, fit.domain()));
  }

  private void map(
      String title, String unit, ToDoubleFunction<WordComparison.Fit> of, double scale) {
    HeatMap map =
        HeatMap.of(title, index.domains(), index.mixtures()).unit(unit).axes("domain", "mixture");
    for (WordComparison.Fit fit : words.fits()) {
      double value = scale * of.applyAsDouble(fit);
      map.cell(
          fit.domain(),
          fit.mixture(),
          value,
          Numbers.short3(value),
          loss(fit).map(l -> "loss " + Numbers.loss(l)).orElse(""));
    }
    page.figure(
        title + at().map(p -> "; below it the loss, " + p + ", " + index.unit()).orElse(""),
        map.drawing());
  }

  private HtmlTable<WordComparison.Fit> measures() {
    HtmlTable<WordComparison.Fit> table =
        HtmlTable.of(words.fits())
            .words("mixture", WordComparison.Fit::mixture)
            .words("domain", WordComparison.Fit::domain)
            .number("loss, " + index.unit(), fit -> loss(fit).map(Numbers::loss));
    for (Column column : COLUMNS) {
      double scale = column.unit().equals("%") ? 100 : 1;
      table.number(
          column.name() + ", " + column.unit(),
          fit -> Numbers.short3(scale * fit.statistics().get(column.key())));
    }
    return table;
  }

  private void correlations() {
    List<WordCorrelation> all = index.findings().wordCorrelations();
    List<Estimate> known = all.stream().flatMap(c -> c.rho().toOptional().stream()).toList();
    if (known.isEmpty()) {
      all.stream().limit(1).forEach(c -> page.paragraph(c.rho().toString()));
      return;
    }
    long significant = known.stream().filter(e -> !e.interval().contains(0)).count();
    page.heading("Do words rank mixtures as losses do?");
    page.paragraph(
        Texts.format(
            "Spearman's rank correlation of each measure with the loss over mixtures, %s, with its 95 %% interval. If only words mattered, it would be 1 for divergences and −1 for the others. %s of %s intervals exclude 0; by chance alone, 1 in 20 would.",
            at().orElseThrow(), significant, known.size()));
    Map<String, List<WordCorrelation>> byDomain = new LinkedHashMap<>();
    Stream.concat(index.domains().stream(), Stream.of(FittedLaw.MACRO))
        .forEach(d -> byDomain.put(d, all.stream().filter(c -> c.domain().equals(d)).toList()));
    byDomain.values().removeIf(own -> own.size() != COLUMNS.size());
    HtmlTable<List<WordCorrelation>> table =
        HtmlTable.of(byDomain.values())
            .words("domain", own -> FindingsIndex.domainName(own.get(0).domain()))
            .number("mixtures", own -> own.get(0).mixtures());
    for (Column column : COLUMNS) {
      table.number(
          column.name(),
          own ->
              own.stream()
                  .filter(c -> c.measure().equals(column.key()))
                  .flatMap(c -> c.rho().toOptional().stream())
                  .findFirst()
                  .map(e -> Numbers.correlation(e).lines()));
    }
    page.table(table);
  }
}
