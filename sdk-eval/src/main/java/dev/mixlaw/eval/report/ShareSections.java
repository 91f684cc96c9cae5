package dev.mixlaw.eval.report;

import dev.mixlaw.api.Answer;
import dev.mixlaw.api.BestShare;
import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Speedup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Best shares and speed-ups. */
final class ShareSections {
  private ShareSections() {}

  static String bestShares(Grid grid) {
    Markup out = new Markup();
    out.raw("<h2 id=\"shares\">Best share</h2>");
    List<BestShare> macro =
        grid.findings().bestShares().stream()
            .filter(b -> b.domain().equals(FittedLaw.MACRO))
            .toList();
    if (macro.isEmpty()) {
      return out.raw(
              "<p>No corpus has several shares in mixtures with the baseline's corpora, so there is no best share to tell.</p>")
          .toString();
    }
    out.raw(
        "<p>Loss by share of the training tokens, mean of all domains, at the largest budget of the largest model. The band is the range of shares that the noise cannot tell from the best.</p><div class=\"charts\">");
    Map<String, BestShare> largest = new LinkedHashMap<>();
    macro.stream()
        .sorted(
            Comparator.comparingLong((BestShare b) -> b.params().count())
                .thenComparing(BestShare::tokens))
        .forEach(b -> largest.put(b.corpus(), b));
    largest.values().forEach(b -> chart(out, b));
    out.raw(
        "</div><div class=\"scroll\"><table><thead><tr><th class=\"words\">corpus</th><th>N</th><th>D</th><th>best share</th><th>interval</th><th>as good</th><th class=\"words\">basis</th></tr></thead><tbody>");
    for (BestShare b : macro) {
      out.add(
          "<tr><td class=\"words\">%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"words\">%s</td></tr>",
          b.corpus(),
          b.params(),
          b.tokens(),
          Numbers.percent(b.share()),
          Numbers.percents(b.interval()),
          Numbers.percents(b.asGood()),
          b.basis().name().toLowerCase(java.util.Locale.ROOT));
    }
    out.raw("</tbody></table></div>");
    byDomain(out, grid, largest);
    return out.toString();
  }

  private static void chart(Markup out, BestShare b) {
    List<Chart.Point> points = new ArrayList<>();
    b.lossByShare()
        .forEach(
            (share, loss) ->
                points.add(
                    new Chart.Point(
                        share, loss.value(), loss.interval().low(), loss.interval().high())));
    Chart chart =
        new Chart(
            "loss by share of " + b.corpus(),
            new Chart.Scale("share of " + b.corpus(), false, Optional.of(Numbers::percent)),
            new Chart.Scale("nats per token", false, Optional.empty()),
            List.of(Chart.Series.measured(b.corpus(), 1, points)),
            Optional.of(new double[] {b.asGood().low(), b.asGood().high()}),
            false,
            364,
            256);
    out.add(
            "<figure><figcaption>%s at N = %s, D = %s</figcaption>",
            b.corpus(), b.params(), b.tokens())
        .raw(chart.drawing().inline())
        .raw("</figure>");
  }

  private static void byDomain(Markup out, Grid grid, Map<String, BestShare> largest) {
    List<BestShare> rows =
        grid.findings().bestShares().stream()
            .filter(b -> !b.domain().equals(FittedLaw.MACRO) && largest.containsKey(b.corpus()))
            .filter(
                b ->
                    b.params().equals(largest.get(b.corpus()).params())
                        && b.tokens().equals(largest.get(b.corpus()).tokens()))
            .toList();
    if (rows.isEmpty()) {
      return;
    }
    out.raw(
        "<details><summary>Best share by domain</summary><div class=\"scroll\"><table><thead><tr><th class=\"words\">corpus</th><th class=\"words\">domain</th><th>best share</th><th>as good</th></tr></thead><tbody>");
    rows.forEach(
        b ->
            out.add(
                "<tr><td class=\"words\">%s</td><td class=\"words\">%s</td><td>%s</td><td>%s</td></tr>",
                b.corpus(), b.domain(), Numbers.percent(b.share()), Numbers.percents(b.asGood())));
    out.raw("</tbody></table></div></details>");
  }

  static String speedups(Grid grid) {
    Markup out = new Markup();
    out.raw("<h2 id=\"speedup\">Speed-up</h2>");
    out.add(
        "<p>D / D<sub>m</sub>: how many times sooner, in tokens, a mixture reaches the loss that %s has at D. Fitted ones follow from the laws and are very sensitive to E; measured ones are interpolated between measured points.</p>",
        grid.baseline());
    out.raw(
        "<div class=\"scroll\"><table><thead><tr><th class=\"words\">mixture</th><th>N</th><th>D</th><th class=\"words\">measured</th><th class=\"words\">fitted</th></tr></thead><tbody>");
    for (Speedup s : grid.findings().speedups()) {
      out.add(
          "<tr><td class=\"words\">%s</td><td>%s</td><td>%s</td><td class=\"long\">%s</td><td class=\"long\">%s</td></tr>",
          s.mixture(), s.params(), s.tokens(), ratio(s.measured()), ratio(s.fitted()));
    }
    return out.raw("</tbody></table></div>").toString();
  }

  private static String ratio(Answer<Speedup.Ratio> answer) {
    if (answer instanceof Answer.Refused<Speedup.Ratio> refused) {
      return "refused: " + refused.refusal().reason();
    }
    return answer.toString();
  }
}
