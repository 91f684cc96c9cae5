package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan.PlannedModel;
import dev.mixlaw.api.rounds.StrategyFindings;
import dev.mixlaw.api.rounds.WrittenText;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Builds the report of rounds: one self-contained page. */
final class RoundsReport {
  private static final int WIDTH = 440;
  private static final int HEIGHT = 280;

  private final RoundsFindings findings;
  private final HtmlPage page;

  private RoundsReport(RoundsFindings findings) {
    this.findings = findings;
    this.page = HtmlPage.titled("Rounds of training on own text: " + findings.rounds().name());
  }

  static HtmlPage page(RoundsFindings findings) {
    return new RoundsReport(findings).page();
  }

  private HtmlPage page() {
    Rounds r = findings.rounds();
    page.lead(
            String.format(
                Locale.ROOT,
                "Round 0 trains on %s tokens of %s; each of %d rounds after it on text that models"
                    + " of the rounds before wrote (%s). Model %s, %d %s.",
                r.tokens().orElseThrow(),
                r.corpus().name(),
                r.rounds(),
                r.writing(),
                r.model().orElseThrow().name(),
                r.seeds(),
                r.seeds() == 1 ? "seed" : "seeds"))
        .answer(findings.strategies().stream().map(StrategyFindings::toString).toList());
    if (!findings.warnings().isEmpty()) {
      page.section("Warnings").items(findings.warnings());
    }
    losses();
    diversity();
    domains();
    origins();
    return page;
  }

  private void losses() {
    page.section("Loss on real text")
        .paragraph(
            "Of each round's models on the held-out domains, nats per token. The change is against"
                + " round 0 on the same documents, in pairs, with its 95 % interval: above 0 is"
                + " worse.")
        .legend(names());
    figure("Loss, mean of all domains", "nats per token", f -> Optional.of(f.loss()));
    figure("Change against round 0", "nats per token", f -> Optional.of(f.change()));
    HtmlTable table =
        new HtmlTable()
            .words("strategy")
            .number("round")
            .number("seeds")
            .number("loss")
            .number("change");
    rows(
        (s, f) ->
            table.row(
                s.strategy(),
                f.round(),
                f.seeds(),
                Numbers.estimate(f.loss()),
                f.round() == 0 ? "–" : Numbers.difference(f.change()).lines()));
    page.table(table);
  }

  private void diversity() {
    Optional<TextDiversity> any =
        findings.strategies().stream()
            .flatMap(s -> s.rounds().stream())
            .flatMap(f -> f.diversity().stream())
            .findFirst();
    if (any.isEmpty()) {
      return;
    }
    page.section("Diversity of what each round wrote")
        .paragraph(
            String.format(
                Locale.ROOT,
                "Of the text that the models of a round wrote, on %,d words of documents drawn at"
                    + " random, beside as many of the natural text. Lower is less diverse, but for"
                    + " self-BLEU and compression, where higher is. Support and tail mass enter the"
                    + " verdict; the others do not, for text of a model that has learnt little is"
                    + " more diverse than natural text.",
                any.get().words()))
        .legend(names());
    figure("Types of natural text that it still has", "share", of(Measure.SUPPORT));
    figure("Probability of natural text's rare words", "share", of(Measure.TAIL_MASS));
    figure("Entropy of words", "nats", of(Measure.ENTROPY));
    figure("Different pairs of words (distinct-2)", "share", of(Measure.DISTINCT_2));
    figure("Self-BLEU", "", of(Measure.SELF_BLEU));
    figure("Compression ratio", "bytes over bytes", of(Measure.COMPRESSION_RATIO));
    diversity(
        "Of words", List.of(Measure.SUPPORT, Measure.TAIL_MASS, Measure.ENTROPY, Measure.TYPES));
    diversity(
        "Of their order",
        List.of(
            Measure.DISTINCT_1,
            Measure.DISTINCT_2,
            Measure.DISTINCT_3,
            Measure.SELF_BLEU,
            Measure.COMPRESSION_RATIO));
  }

  private void diversity(String title, List<Measure> measures) {
    HtmlTable table = new HtmlTable().words("strategy").number("round");
    measures.forEach(m -> table.number(m.key().replace('_', ' ')));
    rows(
        (s, f) ->
            f.diversity()
                .ifPresent(
                    t -> {
                      List<Object> cells = new ArrayList<>(List.of(s.strategy(), f.round()));
                      measures.forEach(m -> cells.add(Numbers.estimate(t.of(m))));
                      table.row(cells.toArray());
                    }));
    page.paragraph(title + ":").table(table);
  }

  private void domains() {
    Set<String> domains = new LinkedHashSet<>();
    rows((s, f) -> domains.addAll(f.changeByDomain().keySet()));
    if (domains.isEmpty()) {
      return;
    }
    page.section("By domain");
    HtmlTable table = new HtmlTable().words("domain").words("strategy");
    for (int round = 1; round <= findings.rounds().rounds(); round++) {
      table.number("round " + round);
    }
    for (String domain : domains) {
      for (StrategyFindings s : findings.strategies()) {
        List<Object> cells = new ArrayList<>(List.of(domain, s.strategy()));
        for (int round = 1; round <= findings.rounds().rounds(); round++) {
          int number = round;
          cells.add(
              s.rounds().stream()
                  .filter(f -> f.round() == number)
                  .flatMap(f -> Optional.ofNullable(f.changeByDomain().get(domain)).stream())
                  .map(e -> Numbers.difference(e).lines())
                  .findFirst()
                  .orElse("–"));
        }
        table.row(cells.toArray());
      }
    }
    page.paragraph("Change of the loss against round 0, nats per token.").table(table);
  }

  private void origins() {
    page.section("Where it comes from")
        .paragraph(
            "Engine "
                + findings.plan().round0().engine()
                + " on "
                + findings.plan().round0().device()
                + ". Each text is kept with its data card.");
    HtmlTable models =
        new HtmlTable().words("model").number("tokens").text("trained on").number("repeats");
    for (PlannedModel m : findings.plan().models()) {
      models.row(
          m.key().label(),
          m.budget(),
          String.join(
              ", ",
              m.shares().entrySet().stream()
                  .map(e -> Numbers.percent(e.getValue()) + " " + e.getKey())
                  .toList()),
          String.format(Locale.ROOT, "×%.2g", m.repeats()));
    }
    page.folded("What each model was trained on", models);
    HtmlTable texts =
        new HtmlTable()
            .words("text")
            .number("documents")
            .number("tokens")
            .number("seconds")
            .number("FLOPs")
            .text("file");
    findings.runs().stream().flatMap(r -> r.text().stream()).forEach(t -> texts.row(row(t)));
    page.folded("What each model wrote", texts);
  }

  private static Object[] row(WrittenText t) {
    return new Object[] {
      t.key().label(),
      t.documents(),
      Numbers.count(t.tokens()),
      String.format(Locale.ROOT, "%.1f", t.seconds()),
      String.format(Locale.ROOT, "%.2g", t.flops()),
      t.file()
    };
  }

  private List<String> names() {
    return findings.strategies().stream().map(s -> s.strategy().toString()).toList();
  }

  /** What is done with a round of a strategy. */
  private interface Row {
    void of(StrategyFindings strategy, RoundFigures figures);
  }

  private void rows(Row row) {
    findings.strategies().forEach(s -> s.rounds().forEach(f -> row.of(s, f)));
  }

  private static Function<RoundFigures, Optional<Estimate>> of(Measure measure) {
    return f -> f.diversity().map(d -> d.of(measure));
  }

  private void figure(String title, String unit, Function<RoundFigures, Optional<Estimate>> of) {
    List<Chart.Line> series = new ArrayList<>();
    for (StrategyFindings s : findings.strategies()) {
      List<Chart.Point> points = new ArrayList<>();
      for (RoundFigures f : s.rounds()) {
        of.apply(f)
            .ifPresent(
                e ->
                    points.add(
                        new Chart.Point(
                            f.round(), e.value(), e.interval().low(), e.interval().high())));
      }
      series.add(Chart.Line.measured(s.strategy().toString(), series.size(), points));
    }
    page.figure(
        title,
        new Chart(
                title + " by round",
                new Chart.AxisStyle(
                    "round",
                    false,
                    Optional.of(x -> x == Math.rint(x) ? String.valueOf((long) x) : "")),
                new Chart.AxisStyle(unit, false, Optional.empty()),
                series,
                Optional.empty(),
                false,
                WIDTH,
                HEIGHT)
            .drawing());
  }
}
