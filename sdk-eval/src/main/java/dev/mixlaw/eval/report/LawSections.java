package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Fitted laws, and refused statements. */
final class LawSections {
  private LawSections() {}

  static void laws(HtmlPage page, FindingsIndex index) {
    page.paragraph(
        Numbers.text(
            "Robust fits (Huber loss on log residuals) in %s. E is the loss in the limit of infinitely many tokens or parameters. The held-out error is the relative error at the largest budget or model when it is left out of the fit.",
            index.unit()));
    Map<LawForm, List<FittedLaw>> macro = new LinkedHashMap<>();
    Map<LawForm, List<FittedLaw>> others = new LinkedHashMap<>();
    for (FittedLaw law : index.findings().laws()) {
      (law.domain().equals(FittedLaw.MACRO) ? macro : others)
          .computeIfAbsent(LawForms.named(law.form(), List.of()), f -> new ArrayList<>())
          .add(law);
    }
    if (macro.isEmpty()) {
      page.paragraph("The runs are too few to fit a law on the mean of all domains.");
    }
    macro.forEach(
        (form, laws) -> {
          List<FittedLaw> largest = laws.stream().filter(l -> isLargest(index, l)).toList();
          List<FittedLaw> smaller = laws.stream().filter(l -> !isLargest(index, l)).toList();
          page.rawOf("<h3>" + formula(form) + ", mean of domains</h3>");
          page.table(table(largest, false));
          page.folded(
              form.equals(LawForms.DATA) ? "At smaller models" : "At smaller budgets",
              table(smaller, false));
        });
    others.forEach((form, laws) -> page.folded(symbol(form) + " by domain", table(laws, true)));
    page.folded("Caveats", warnings(index.findings().laws()));
  }

  /** Returns whether a law covers the whole grid, or belongs to its largest model or budget. */
  private static boolean isLargest(FindingsIndex index, FittedLaw law) {
    Optional<Tokens> most =
        index.findings().laws().stream()
            .flatMap(l -> l.budget().stream())
            .max(Comparator.naturalOrder());
    return (law.model().isEmpty() || law.model().equals(index.largestModel()))
        && (law.budget().isEmpty() || law.budget().equals(most));
  }

  private static HtmlTable table(List<FittedLaw> laws, boolean byDomain) {
    if (laws.isEmpty()) {
      return new HtmlTable();
    }
    List<String> parameters = List.copyOf(laws.get(0).parameters().keySet());
    HtmlTable table = new HtmlTable().words("mixture").words(byDomain ? "domain, at" : "at");
    parameters.forEach(p -> table.number(greek(p)));
    table.number("points").number("R²").number("held-out error").words("status");
    for (FittedLaw law : laws) {
      List<Object> row =
          new ArrayList<>(
              List.of(law.mixture(), (byDomain ? law.domain() + ", " : "") + place(law)));
      for (String p : parameters) {
        Estimate value = law.parameters().get(p);
        row.add(value == null ? "–" : Numbers.estimate(value).lines());
      }
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

  private static HtmlTable warnings(List<FittedLaw> laws) {
    HtmlTable table =
        new HtmlTable().words("law").words("mixture").words("domain").words("at").text("warnings");
    laws.stream()
        .filter(l -> !l.warnings().isEmpty())
        .forEach(
            l ->
                table.row(
                    l.form(),
                    l.mixture(),
                    FindingsIndex.domainName(l.domain()),
                    place(l),
                    String.join("; ", l.warnings())));
    return table;
  }

  private static String place(FittedLaw law) {
    return law.model()
        .map(m -> "model " + m)
        .orElseGet(() -> law.budget().map(b -> b + " tokens").orElse("all"));
  }

  private static String greek(String parameter) {
    return switch (parameter) {
      case "alpha" -> "α";
      case "beta" -> "β";
      default -> parameter;
    };
  }

  /** Returns {@code L(D) = E + B·D^-beta} with its exponents as superscripts. */
  private static String formula(LawForm form) {
    return Pattern.compile("\\^-(\\w+)")
        .matcher(Markup.escape(form.formula()))
        .replaceAll(m -> "<sup>−" + greek(m.group(1)) + "</sup>");
  }

  /** Returns the left side of the formula, such as {@code L(D)}. */
  private static String symbol(LawForm form) {
    return form.formula().substring(0, form.formula().indexOf(" ="));
  }

  static void refused(HtmlPage page, FindingsIndex index) {
    List<Refusal> refusals = index.findings().refusals();
    if (refusals.isEmpty()) {
      page.paragraph("Nothing was refused.");
      return;
    }
    page.paragraph("Statements that these data do not support, with the reason and the remedy.");
    HtmlTable table = new HtmlTable().text("question").text("reason").text("remedy");
    refusals.forEach(r -> table.row(r.question(), r.reason(), r.remedy()));
    page.table(table);
  }
}
