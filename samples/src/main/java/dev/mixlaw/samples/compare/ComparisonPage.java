package dev.mixlaw.samples.compare;

import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.eval.report.HeatMap;
import dev.mixlaw.eval.report.HtmlPage;
import dev.mixlaw.eval.report.HtmlTable;
import dev.mixlaw.mix.compare.CorpusComparison;
import dev.mixlaw.mix.compare.CorpusStatistics;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;

public final class ComparisonPage {
  private final CorpusComparison comparison;
  private final HtmlPage page = HtmlPage.titled("Comparison of corpora");

  private ComparisonPage(CorpusComparison comparison) {
    this.comparison = comparison;
  }

  public static HtmlPage of(
      CorpusComparison comparison, CoveredDomains covered, List<String> answers) {
    return new ComparisonPage(comparison).of(covered, answers);
  }

  private HtmlPage of(CoveredDomains covered, List<String> answers) {
    page.lead(
            "Word frequencies do not show which text trains the better model; only training does.")
        .answer(answers);
    if (!comparison.warnings().isEmpty()) {
      page.section("Warnings").items(comparison.warnings());
    }
    page.section("Corpora")
        .paragraph(
            String.format(
                Locale.ROOT,
                "Types, distinct pairs, self-BLEU and compression are computed on %,d words from randomly drawn documents, so that corpora of different sizes can be compared; \"–\" means that the corpus is smaller.",
                CorpusComparison.SAMPLE_WORDS))
        .table(table(comparison.corpora()))
        .section("Domains covered")
        .paragraph(
            String.format(
                Locale.ROOT,
                "A text covers a domain if it contains %.0f %% of the domain's running words. This ignores the shares of a mixture and favours large texts. Coverage at equal size, below, corrects for both.",
                100 * covered.least()))
        .table(table(covered));
    map(
        "Coverage at equal size",
        "words of the domain (column) that occur in %s words of the training text (row)"
            .formatted(String.format(Locale.ROOT, "%,d", CorpusComparison.SAMPLE_WORDS)),
        "%",
        fit -> 100 * fit.seenTokens());
    map(
        "Coverage of words",
        "words of the domain that occur anywhere in the training text",
        "%",
        fit -> 100 * fit.coverageTokens());
    map(
        "Coverage of types",
        "distinct words of the domain that occur anywhere in the training text",
        "%",
        fit -> 100 * fit.coverageTypes());
    map(
        "KL divergence",
        "divergence of the domain from the training text, smoothed by mixing a fraction of "
            + CorpusComparison.SKEW
            + " of the domain into the training text (skew divergence)",
        "nats",
        WordComparison.Fit::kl);
    map(
        "JS divergence",
        "between domain and training text, at most 0.693",
        "nats",
        WordComparison.Fit::js);
    return copies();
  }

  private HtmlPage copies() {
    List<String> corpora = comparison.corpora().stream().map(CorpusStatistics::name).toList();
    HeatMap copies =
        HeatMap.of("Near copies", corpora, corpora)
            .unit("%")
            .axes("documents of", "with a copy in");
    for (CorpusComparison.Copies share : comparison.copies()) {
      if (share.documents() > 0) {
        copies.cell(share.corpus(), share.in(), 100.0 * share.copied() / share.documents());
      }
    }
    HeatMap held =
        HeatMap.of("Contamination", corpora, comparison.domains())
            .unit("%")
            .axes("corpus", "domain");
    for (Overlap overlap : comparison.overlaps()) {
      held.cell(
          overlap.corpus(), overlap.domain(), 100.0 * overlap.contaminated() / overlap.documents());
    }
    return page.section("Near copies")
        .figure(
            "documents of the row with a near copy in the column (MinHash of 3-word shingles, Jaccard index from %s); documents with fewer than %s words are left out"
                .formatted(CorpusComparison.COPY_THRESHOLD, CorpusComparison.FEWEST_WORDS),
            copies.drawing())
        .section("Contamination")
        .figure(
            "share of the domain's documents that the corpus contains. It contains a document if more than a quarter of the document's 13-word shingles occur in it, or if it has a near copy of the document",
            held.drawing());
  }

  /**
   * Returns the main results as sentences.
   *
   * @param asked names of mixtures; a sentence about each of them is added
   */
  public static List<String> answers(
      CorpusComparison comparison, CoveredDomains covered, Set<String> asked) {
    List<String> answers = new ArrayList<>(covered.answers(asked));
    Comparator<WordComparison.Fit> bySeen =
        Comparator.comparingDouble(WordComparison.Fit::seenTokens);
    for (String kind : List.of("corpus", "union", "mixture")) {
      comparison.texts().stream()
          .filter(text -> text.kind().equals(kind))
          .map(text -> Collections.min(text.fits(), bySeen))
          .max(bySeen)
          .ifPresent(
              worst ->
                  answers.add(
                      String.format(
                          Locale.ROOT,
                          "The %s with the best coverage of its worst domain is %s: a sample of %,d words contains %.1f %% of the words of %s.",
                          kind,
                          worst.mixture(),
                          CorpusComparison.SAMPLE_WORDS,
                          100 * worst.seenTokens(),
                          worst.domain())));
    }
    List<CorpusStatistics> sampled =
        comparison.corpora().stream()
            .filter(s -> s.typesPer120kWords().toOptional().isPresent())
            .sorted(Comparator.comparingLong(CorpusStatistics::sampleTypes))
            .toList();
    if (sampled.size() > 1) {
      answers.add(diversity("least", sampled.get(0)));
      answers.add(diversity("most", sampled.get(sampled.size() - 1)));
    }
    return answers;
  }

  private static String diversity(String word, CorpusStatistics s) {
    return String.format(
        Locale.ROOT,
        "The %s diverse corpus is %s: it has %,d distinct words among %,d words.",
        word,
        s.name(),
        s.sampleTypes(),
        s.sampleWords());
  }

  private static HtmlTable<CorpusStatistics> table(List<CorpusStatistics> corpora) {
    return HtmlTable.of(corpora)
        .words("corpus", CorpusStatistics::name)
        .number("MB", s -> number("%.1f", s.bytes() / 1e6))
        .number("words", s -> number("%,d", s.words()))
        .number("types", s -> number("%,d", s.types()))
        .number("types per 120k", s -> ofWhole(s, "%,d", s.sampleTypes()))
        .number("distinct pairs", s -> ofWhole(s, "%.3f", s.sampleDistinct2()))
        .number(
            "self-BLEU",
            s ->
                s.selfBleu().isPresent()
                    ? ofWhole(s, "%.3f", s.selfBleu().getAsDouble())
                    : Optional.empty())
        .number("compression", s -> ofWhole(s, "%.2f", s.compressionRatio()))
        .number("repetition", s -> number("%.3f", s.repetition()))
        .number("entropy, nats", s -> number("%.2f", s.entropy()));
  }

  /** Formats a value that is known only if the corpus has enough words for a full sample. */
  private static Optional<String> ofWhole(CorpusStatistics corpus, String format, Object value) {
    return corpus.typesPer120kWords().toOptional().map(types -> number(format, value));
  }

  private static HtmlTable<CoveredDomains.OfText> table(CoveredDomains covered) {
    return HtmlTable.of(covered.texts())
        .words("training text", t -> t.text().name())
        .words("kind", t -> t.text().kind())
        .number("domains covered, of " + covered.domains(), CoveredDomains.OfText::covered)
        .words("worst domain", CoveredDomains.OfText::worst)
        .number("of its words, %", t -> number("%.1f", 100 * t.ofWorst()));
  }

  private static String number(String format, Object value) {
    return String.format(Locale.ROOT, format, value);
  }

  private void map(
      String title, String caption, String unit, ToDoubleFunction<WordComparison.Fit> of) {
    HeatMap map =
        HeatMap.of(
                title,
                comparison.texts().stream().map(CorpusComparison.Text::name).toList(),
                comparison.domains())
            .unit(unit)
            .axes("training text", "domain");
    comparison.texts().stream()
        .flatMap(text -> text.fits().stream())
        .forEach(fit -> map.cell(fit.mixture(), fit.domain(), of.applyAsDouble(fit)));
    page.section(title).figure(caption, map.drawing());
  }
}
