package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.eval.report.Chart.AxisStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

final class ShareSection {
  private ShareSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<BestShare> macro =
        index.findings().bestShares().stream()
            .filter(b -> b.domain().equals(FittedLaw.MACRO))
            .sorted(Comparator.comparing(BestShare::params).thenComparing(BestShare::tokens))
            .toList();
    if (macro.isEmpty()) {
      page.paragraph(
          "There is no best share: no corpus occurs at two or more shares in mixtures with the corpora of the baseline.");
      return;
    }
    page.paragraph(
        "The charts show the loss by share of the training tokens, averaged over all domains, at the largest budget of the largest model. The band covers the shares whose loss is not significantly worse than that of the best share.");
    Map<String, BestShare> largest = new LinkedHashMap<>();
    macro.forEach(b -> largest.put(b.corpus(), b));
    largest
        .values()
        .forEach(
            b ->
                page.figure(
                    b.corpus() + " at N = " + b.params() + ", D = " + b.tokens(),
                    byShare(index, b)));
    maps(page, index);
    page.folded("Best share at every model and budget", table(macro));
    page.folded(
        "Best share by domain, at the largest model and budget",
        table(
            index.findings().bestShares().stream()
                .filter(b -> !b.domain().equals(FittedLaw.MACRO))
                .filter(b -> sameScale(b, Optional.ofNullable(largest.get(b.corpus()))))
                .toList()));
  }

  private static boolean sameScale(BestShare b, Optional<BestShare> other) {
    return other
        .filter(o -> o.params().equals(b.params()) && o.tokens().equals(b.tokens()))
        .isPresent();
  }

  private static Drawing byShare(FindingsIndex index, BestShare b) {
    List<Chart.Point> points = new ArrayList<>();
    b.lossByShare().forEach((share, loss) -> points.add(Chart.Point.of(share, loss)));
    return new Chart(
            "loss by share of " + b.corpus(),
            AxisStyle.linear("share of " + b.corpus()).text(Numbers::percent),
            AxisStyle.linear(index.unit()),
            List.of(Chart.Line.measured(b.corpus(), 1, points)))
        .marked(b.asGood())
        .drawing();
  }

  private static HtmlTable<BestShare> table(List<BestShare> shares) {
    return HtmlTable.of(shares)
        .words("corpus", BestShare::corpus)
        .words("domain", b -> FindingsIndex.domainName(b.domain()))
        .number("N", BestShare::params)
        .number("D", BestShare::tokens)
        .number("best share", b -> Numbers.percent(b.share()))
        .number("95 % interval", b -> Numbers.percents(b.interval()))
        .number("not significantly worse", b -> Numbers.percents(b.asGood()))
        .words("basis", b -> b.basis().name().toLowerCase(Locale.ROOT).replace('_', ' '));
  }

  static void maps(HtmlPage page, FindingsIndex index) {
    List<BestShareMap> maps = index.findings().bestShareMaps();
    if (maps.isEmpty()) {
      return;
    }
    page.heading("Best share by model and budget")
        .paragraph(
            "Below each best share are the shares that are not significantly worse. Measured best shares are chosen from the shares that were run. Fitted best shares are chosen from all shares between them, according to a law over share, N and D. A dash means that the statement was refused.");
    for (BestShareMap map : maps) {
      page.figure(
          map.corpus() + ", measured", drawing(map, "measured", BestShareMap.Cell::measured));
      if (map.cells().stream().anyMatch(c -> c.fitted().toOptional().isPresent())) {
        page.figure(map.corpus() + ", fitted", drawing(map, "fitted", BestShareMap.Cell::fitted));
      }
      if (map.cells().stream().anyMatch(ShareSection::limited)) {
        String limit = "at most " + Numbers.plain(map.maxRepeats()) + " repeats";
        page.figure(map.corpus() + ", " + limit, drawing(map, limit, BestShareMap.Cell::within));
      }
    }
    page.folded("Caveats of the fitted shares", warnings(maps));
    page.folded("Laws over shares", laws(maps));
  }

  private static boolean limited(BestShareMap.Cell cell) {
    Answer<BestShare> best =
        cell.fitted().toOptional().isPresent() ? cell.fitted() : cell.measured();
    return cell.within()
        .toOptional()
        .map(w -> best.toOptional().filter(b -> b.share() == w.share()).isEmpty())
        .orElse(false);
  }

  private static Drawing drawing(
      BestShareMap map, String kind, Function<BestShareMap.Cell, Answer<BestShare>> answer) {
    HeatMap heat =
        HeatMap.of(
                "best share of " + map.corpus() + " by model and budget, " + kind,
                HeatMap.labels(map.cells(), BestShareMap.Cell::params),
                HeatMap.labels(map.cells(), BestShareMap.Cell::tokens))
            .axes("N", "D")
            .unit("%")
            .range(0, 100);
    for (BestShareMap.Cell cell : map.cells()) {
      answer
          .apply(cell)
          .toOptional()
          .ifPresent(
              b ->
                  heat.cell(
                      cell.params().toString(),
                      cell.tokens().toString(),
                      100 * b.share(),
                      Numbers.wholePercent(b.share()),
                      b.asGood().low() < b.asGood().high()
                          ? Numbers.wholePercents(b.asGood())
                          : "no other"));
    }
    return heat.drawing();
  }

  private record CellOf(String corpus, BestShareMap.Cell cell) {
    /** Returns the warnings of the fitted share, or the reason why no share could be fitted. */
    String caveat() {
      return cell.fitted()
          .fold((best, warnings) -> String.join("; ", warnings), r -> "refused: " + r.reason());
    }
  }

  private static HtmlTable<CellOf> warnings(List<BestShareMap> maps) {
    return HtmlTable.of(
            maps.stream()
                .flatMap(m -> m.cells().stream().map(c -> new CellOf(m.corpus(), c)))
                .filter(c -> !c.caveat().isEmpty())
                .toList())
        .words("corpus", CellOf::corpus)
        .number("N", c -> c.cell().params())
        .number("D", c -> c.cell().tokens())
        .text("fitted share", CellOf::caveat);
  }

  private record LawOf(String corpus, FittedLaw law) {}

  private static HtmlTable<LawOf> laws(List<BestShareMap> maps) {
    return HtmlTable.of(
            maps.stream()
                .flatMap(m -> m.laws().stream().map(l -> new LawOf(m.corpus(), l)))
                .toList())
        .words("corpus", LawOf::corpus)
        .words("law", l -> l.law().form())
        .text(
            "parameters",
            l ->
                l.law().parameters().entrySet().stream()
                    .map(p -> p.getKey() + " " + Numbers.estimate(p.getValue()))
                    .collect(Collectors.joining("; ")))
        .number("points", l -> l.law().points())
        .words("status", l -> LawSections.status(l.law()));
  }
}
