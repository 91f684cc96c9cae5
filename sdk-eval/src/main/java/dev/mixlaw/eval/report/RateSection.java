package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.RateCheck;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

final class RateSection {
  private RateSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<RateCheck> all = index.findings().rateChecks();
    sentence(all).ifPresent(page::paragraph);
    page.paragraph(
        "A recipe can suit one mixture better than another. These mixtures were therefore also"
            + " trained with multiples of the learning rate. A difference is the value of the"
            + " mixture that is better at the study's own rate minus that of the other, averaged"
            + " over the domains.");
    HtmlTable<RateCheck> table =
        HtmlTable.of(all)
            .words("mixtures", c -> c.usual().mixture() + "\nagainst " + c.usual().baseline())
            .number("own rate", c -> Numbers.difference(c.usual().difference()).lines())
            .number("rate ×", c -> Numbers.rounded(c.factor()));
    page.table(
        ComparisonTable.with(table, index.unit(), RateCheck::changed)
            .words(
                "order", c -> c.holds().map(h -> h ? "holds" : "reversed").orElse("not decided")));
  }

  /** Summarizes all checks in a sentence, or returns empty if there are no checks. */
  static Optional<String> sentence(List<RateCheck> all) {
    if (all.isEmpty()) {
      return Optional.empty();
    }
    Comparison first = all.get(0).usual();
    String reversed =
        all.stream()
            .filter(c -> !c.holds().orElse(true))
            .map(
                c ->
                    Numbers.text(
                        "%s and %s at × %s",
                        c.usual().mixture(), c.usual().baseline(), Numbers.rounded(c.factor())))
            .collect(Collectors.joining("; "));
    return Optional.of(
        Numbers.text(
            "Other learning rates (× %s) at %s parameters and %s tokens: the order of two mixtures holds in %s of %s comparisons and is reversed in %s%s; the others are not decided.",
            all.stream()
                .map(c -> Numbers.rounded(c.factor()))
                .distinct()
                .collect(Collectors.joining(", ")),
            first.model(),
            first.budget(),
            all.stream().filter(c -> c.holds().orElse(false)).count(),
            all.size(),
            all.stream().filter(c -> !c.holds().orElse(true)).count(),
            reversed.isEmpty() ? "" : " (" + reversed + ")"));
  }
}
