package dev.mixlaw.eval.report;

import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Laws, and what was refused. */
final class LawSections {
  private LawSections() {}

  static void laws(HtmlPage page, Grid grid) {
    page.section("laws", "Laws", "Laws");
    page.paragraph(
        "Robust fits (Huber loss on log residuals) in "
            + grid.unit()
            + ". E is the loss that no amount of data or parameters of this kind undercuts; held out is the relative error on the largest budget or model when it is kept out of the fit.");
    Map<String, List<FittedLaw>> macro = new LinkedHashMap<>();
    Map<String, List<FittedLaw>> others = new LinkedHashMap<>();
    for (FittedLaw law : grid.findings().laws()) {
      (law.domain().equals(FittedLaw.MACRO) ? macro : others)
          .computeIfAbsent(law.form(), f -> new ArrayList<>())
          .add(law);
    }
    if (macro.isEmpty()) {
      page.paragraph("The data carry no law on the mean of all domains.");
    }
    macro.forEach(
        (form, laws) ->
            page.heading(formula(form) + ", mean of domains").table(table(laws, false)));
    others.forEach((form, laws) -> page.folded(formula(form) + " by domain", table(laws, true)));
    page.folded("What to doubt of these laws", doubts(grid.findings().laws()));
  }

  private static HtmlTable table(List<FittedLaw> laws, boolean byDomain) {
    List<String> parameters = List.copyOf(laws.get(0).parameters().keySet());
    HtmlTable table = new HtmlTable().words("mixture").words(byDomain ? "domain, at" : "at");
    parameters.forEach(p -> table.number(greek(p)));
    table.number("points").number("R²").number("held out").words("status");
    for (FittedLaw law : laws) {
      List<Object> row =
          new ArrayList<>(
              List.of(law.mixture(), (byDomain ? law.domain() + ", " : "") + place(law)));
      parameters.forEach(p -> row.add(parameter(law.parameters().get(p))));
      row.add(law.points());
      row.add(String.format(Locale.ROOT, "%.4f", law.r2()));
      row.add(
          law.heldOut().isPresent()
              ? String.format(Locale.ROOT, "%.2f %%", 100 * law.heldOut().getAsDouble())
              : "–");
      row.add(law.status().name().toLowerCase(Locale.ROOT).replace('_', ' '));
      table.row(row.toArray());
    }
    return table;
  }

  private static HtmlTable doubts(List<FittedLaw> laws) {
    HtmlTable table =
        new HtmlTable().words("law").words("mixture").words("domain").words("at").text("warnings");
    laws.stream()
        .filter(l -> !l.warnings().isEmpty())
        .forEach(
            l ->
                table.row(
                    l.form(),
                    l.mixture(),
                    Grid.called(l.domain()),
                    place(l),
                    String.join("; ", l.warnings())));
    return table;
  }

  private static String place(FittedLaw law) {
    return law.model()
        .map(m -> "model " + m)
        .orElseGet(() -> law.budget().map(b -> b + " tokens").orElse("all"));
  }

  private static String parameter(Estimate value) {
    return value == null ? "–" : Numbers.estimate(value).replace(" (", "\n").replace(")", "");
  }

  private static String greek(String parameter) {
    return switch (parameter) {
      case "alpha" -> "α";
      case "beta" -> "β";
      default -> parameter;
    };
  }

  private static String formula(String form) {
    return switch (form) {
      case "data" -> "L(D) = E + B·D^−β";
      case "model" -> "L(N) = E + A·N^−α";
      case "chinchilla" -> "L(N, D) = E + A·N^−α + B·D^−β";
      default -> form;
    };
  }

  static void refused(HtmlPage page, Grid grid) {
    page.section("refused", "Refused", "Refused");
    List<Refusal> refusals = grid.findings().refusals();
    if (refusals.isEmpty()) {
      page.paragraph("Nothing was refused.");
      return;
    }
    page.paragraph("What these data cannot say, why, and what would make it answerable.");
    HtmlTable table = new HtmlTable().text("question").text("reason").text("remedy");
    refusals.forEach(r -> table.row(r.question(), r.reason(), r.remedy()));
    page.table(table);
  }
}
