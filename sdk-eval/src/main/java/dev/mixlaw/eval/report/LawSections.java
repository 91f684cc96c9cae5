package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Laws, and what was refused. */
final class LawSections {
  private LawSections() {}

  static void laws(HtmlPage page, FindingsIndex grid) {
    page.section("laws", "Laws", "Laws");
    page.paragraph(
        "Robust fits (Huber loss on log residuals) in "
            + grid.unit()
            + ". E is the loss that no amount of data or parameters of this kind undercuts; held"
            + " out is the relative error on the largest budget or model when it is kept out of the"
            + " fit.");
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
        (form, laws) -> {
          List<FittedLaw> largest = laws.stream().filter(l -> isLargest(grid, l)).toList();
          List<FittedLaw> smaller = laws.stream().filter(l -> !isLargest(grid, l)).toList();
          page.rawOf("<h3>" + formula(form) + ", mean of domains</h3>");
          page.table(table(largest, false));
          page.folded(
              form.equals("data") ? "At smaller models" : "At smaller budgets",
              table(smaller, false));
        });
    others.forEach((form, laws) -> page.folded(plain(form) + " by domain", table(laws, true)));
    page.folded("What to doubt of these laws", doubts(grid.findings().laws()));
  }

  /** Of all the grid, or at its largest model or budget. */
  private static boolean isLargest(FindingsIndex grid, FittedLaw law) {
    String largest = grid.models().keySet().stream().reduce((a, b) -> b).orElse("");
    Tokens most =
        grid.findings().laws().stream()
            .flatMap(l -> l.budget().stream())
            .max(Comparator.naturalOrder())
            .orElse(Tokens.tokens(1));
    return law.model().map(largest::equals).orElse(true)
        && law.budget().map(most::equals).orElse(true);
  }

  private static HtmlTable table(List<FittedLaw> laws, boolean byDomain) {
    if (laws.isEmpty()) {
      return new HtmlTable();
    }
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
      row.add(status(law));
      table.row(row.toArray());
    }
    return table;
  }

  static String status(FittedLaw law) {
    return law.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
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
                    FindingsIndex.called(l.domain()),
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
      case "data" -> "L(D) = E + B·D<sup>−β</sup>";
      case "model" -> "L(N) = E + A·N<sup>−α</sup>";
      case "chinchilla" -> "L(N, D) = E + A·N<sup>−α</sup> + B·D<sup>−β</sup>";
      default -> Markup.escape(form);
    };
  }

  private static String plain(String form) {
    return switch (form) {
      case "data" -> "L(D)";
      case "model" -> "L(N)";
      case "chinchilla" -> "L(N, D)";
      default -> form;
    };
  }

  static void refused(HtmlPage page, FindingsIndex grid) {
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
