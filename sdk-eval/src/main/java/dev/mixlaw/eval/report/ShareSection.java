package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.eval.report.Chart.AxisStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

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
          "There is no best share: no corpus occurs at two or more shares in mixtures with the"
              + " corpora of the baseline.");
      return;
    }
    page.paragraph(
        "The charts show the loss by share of the training tokens, averaged over all domains, at"
            + " the largest budget of the largest model. The band covers the shares whose loss is"
            + " not significantly worse than that of the best share.");
    Map<String, BestShare> largest = new LinkedHashMap<>();
    macro.forEach(b -> largest.put(b.corpus(), b));
    largest
        .values()
        .forEach(
            b ->
                page.figure(
                    b.corpus() + " at N = " + b.params() + ", D = " + b.tokens(),
                    byShare(index, b)));
    ShareMapSection.write(page, index);
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
}
