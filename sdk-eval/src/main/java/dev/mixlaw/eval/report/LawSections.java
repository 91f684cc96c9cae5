package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.ComputeOptimum;
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

final class LawSections {
  private LawSections() {}

  static void laws(HtmlPage page, FindingsIndex index) {
    page.paragraph(
        Texts.format(
            "Robust fits (Huber loss on log residuals) in %s. E is the loss in the limit of infinitely many tokens or parameters. The held-out error is the relative error at the largest budget or model of a fit that leaves this budget or model out.",
            index.unit()));
    Map<LawForm, List<FittedLaw>> macro = new LinkedHashMap<>();
    Map<LawForm, List<FittedLaw>> others = new LinkedHashMap<>();
    for (FittedLaw law : index.findings().laws()) {
      (law.domain().equals(FittedLaw.MACRO) ? macro : others)
          .computeIfAbsent(LawForms.named(law.form(), List.of()), f -> new ArrayList<>())
          .add(law);
    }
    if (macro.isEmpty()) {
      page.paragraph("There are too few runs to fit a law to the mean of all domains.");
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
          optima(page, laws);
        });
    others.forEach((form, laws) -> page.folded(symbol(form) + " by domain", table(laws, true)));
    page.folded("Caveats", warnings(index.findings().laws()));
  }

  /** The best model size and tokens of a mixture for a compute budget. */
  private record Optimum(String mixture, ComputeOptimum at) {}

  private static void optima(HtmlPage page, List<FittedLaw> laws) {
    List<Optimum> optima =
        laws.stream()
            .flatMap(l -> l.optima().stream().map(at -> new Optimum(l.mixture(), at)))
            .toList();
    if (optima.isEmpty()) {
      return;
    }
    page.paragraph(
        "Model size N and tokens D with the lowest loss for a compute budget C = 6·N·D, by this law: the largest compute of a run, and ten times as much. N grows as C to the exponent.");
    page.table(
        HtmlTable.of(optima)
            .words("mixture", Optimum::mixture)
            .number("FLOPs", o -> Texts.format("%.2g", o.at().flops()))
            .number("best N", o -> Numbers.estimate(o.at().params()).lines())
            .number("best D", o -> Numbers.estimate(o.at().tokens()).lines())
            .number("loss", o -> Numbers.estimate(o.at().loss()).lines())
            .number("exponent of N", o -> Numbers.estimate(o.at().paramsExponent()).lines()));
  }

  /**
   * Returns whether a law was fitted at the largest model and budget. A law that spans all models
   * or all budgets also qualifies.
   */
  private static boolean isLargest(FindingsIndex index, FittedLaw law) {
    Optional<Tokens> most =
        index.findings().laws().stream()
            .flatMap(l -> l.budget().stream())
            .max(Comparator.naturalOrder());
    return (law.model().isEmpty() || law.model().equals(index.largestModel()))
        && (law.budget().isEmpty() || law.budget().equals(most));
  }

  private static HtmlTable<FittedLaw> table(List<FittedLaw> laws, boolean byDomain) {
    HtmlTable<FittedLaw> table =
        HtmlTable.of(laws)
            .words("mixture", FittedLaw::mixture)
            .words(
                byDomain ? "domain, at" : "at",
                l -> (byDomain ? l.domain() + ", " : "") + place(l));
    laws.stream()
        .limit(1)
        .flatMap(l -> l.parameters().keySet().stream())
        .forEach(
            p ->
                table.number(
                    greek(p),
                    l ->
                        Optional.ofNullable(l.parameters().get(p))
                            .map(e -> Numbers.estimate(e).lines())));
    return table
        .number("points", FittedLaw::points)
        .number("R²", l -> Texts.format("%.4f", l.r2()))
        .number(
            "held-out error",
            l ->
                l.heldOut().isPresent()
                    ? Texts.format("%.2f %%", 100 * l.heldOut().getAsDouble())
                    : "–")
        .words("status", LawSections::status);
  }

  static String status(FittedLaw law) {
    return law.status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static HtmlTable<FittedLaw> warnings(List<FittedLaw> laws) {
    return HtmlTable.of(laws.stream().filter(l -> !l.warnings().isEmpty()).toList())
        .words("law", FittedLaw::form)
        .words("mixture", FittedLaw::mixture)
        .words("domain", l -> FindingsIndex.domainName(l.domain()))
        .words("at", LawSections::place)
        .text("warnings", l -> String.join("; ", l.warnings()));
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

  /** Formats a formula such as {@code L(D) = E + B·D^-beta} with superscript exponents. */
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
    page.paragraph(
        "These statements are not supported by the data. Each is listed with the reason and the remedy.");
    page.table(
        HtmlTable.of(refusals)
            .text("question", Refusal::question)
            .text("reason", Refusal::reason)
            .text("remedy", Refusal::remedy));
  }
}
