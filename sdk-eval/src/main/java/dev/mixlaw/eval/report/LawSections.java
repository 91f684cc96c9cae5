package dev.mixlaw.eval.report;

import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Laws, and what was refused. */
final class LawSections {
  private LawSections() {}

  static String laws(Grid grid) {
    Markup out = new Markup();
    out.raw(
        "<h2 id=\"laws\">Laws</h2><p>Robust fits (Huber loss on log residuals) in nats per token. E is the loss that no amount of data or parameters of this kind undercuts; held out is the relative error on the largest budget or model when it is kept out of the fit.</p>");
    List<FittedLaw> macro =
        grid.findings().laws().stream().filter(l -> l.domain().equals(FittedLaw.MACRO)).toList();
    List<FittedLaw> others =
        grid.findings().laws().stream().filter(l -> !l.domain().equals(FittedLaw.MACRO)).toList();
    if (macro.isEmpty()) {
      out.raw("<p>The data carry no law on the mean of all domains.</p>");
    } else {
      table(out, macro);
    }
    if (!others.isEmpty()) {
      out.raw("<details><summary>Laws by domain</summary>");
      table(out, others);
      out.raw("</details>");
    }
    return out.toString();
  }

  private static void table(Markup out, List<FittedLaw> laws) {
    out.raw(
        "<div class=\"scroll\"><table><thead><tr><th class=\"words\">law</th><th class=\"words\">mixture</th><th class=\"words\">domain</th><th class=\"words\">at</th>");
    out.raw(
        "<th class=\"words\">parameters</th><th>points</th><th>R²</th><th>held out</th><th class=\"words\">status</th></tr></thead><tbody>");
    for (FittedLaw law : laws) {
      String parameters =
          law.parameters().entrySet().stream()
              .map(p -> p.getKey() + " " + Numbers.estimate(p.getValue()))
              .collect(Collectors.joining("; "));
      String at = law.model().orElseGet(() -> law.budget().map(b -> b + " tokens").orElse("all"));
      String status = law.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      out.add(
          "<tr><td class=\"words\">%s</td><td class=\"words\">%s</td><td class=\"words\">%s</td><td class=\"words\">%s</td><td class=\"long\">%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"long\">%s</td></tr>",
          formula(law.form()),
          law.mixture(),
          law.domain(),
          at,
          parameters,
          law.points(),
          String.format(Locale.ROOT, "%.4f", law.r2()),
          law.heldOut().isPresent()
              ? String.format(Locale.ROOT, "%.2f %%", 100 * law.heldOut().getAsDouble())
              : "–",
          law.warnings().isEmpty() ? status : status + ": " + String.join("; ", law.warnings()));
    }
    out.raw("</tbody></table></div>");
  }

  private static String formula(String form) {
    return switch (form) {
      case "data" -> "L(D) = E + B·D^−β";
      case "model" -> "L(N) = E + A·N^−α";
      case "chinchilla" -> "L(N, D) = E + A·N^−α + B·D^−β";
      default -> form;
    };
  }

  static String refused(Grid grid) {
    Markup out = new Markup();
    out.raw("<h2 id=\"refused\">Refused</h2>");
    List<Refusal> refusals = grid.findings().refusals();
    if (refusals.isEmpty()) {
      return out.raw("<p>Nothing was refused.</p>").toString();
    }
    out.raw(
        "<p>What these data cannot say, why, and what would make it answerable.</p><div class=\"scroll\"><table><thead><tr><th class=\"words\">question</th><th class=\"words\">reason</th><th class=\"words\">remedy</th></tr></thead><tbody>");
    refusals.forEach(
        r ->
            out.add(
                "<tr><td class=\"long\">%s</td><td class=\"long\">%s</td><td class=\"long\">%s</td></tr>",
                r.question(), r.reason(), r.remedy()));
    return out.raw("</tbody></table></div>").toString();
  }
}
