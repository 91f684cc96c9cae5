package dev.mixlaw.mix.prepare;

import dev.mixlaw.mix.analysis.Contamination;
import java.util.List;
import java.util.Locale;

/** Warns, before anything is trained, of domains that training text holds documents of. */
final class ContaminationCheck {
  private ContaminationCheck() {}

  /** Adds a warning for each corpus and domain that have a document in common. */
  static void warn(List<TextSource> corpora, List<TextSource> domains, List<String> warnings) {
    Contamination contamination = new Contamination();
    domains.forEach(domain -> contamination.addDomain(domain.name(), domain::open));
    for (TextSource corpus : corpora) {
      contamination.check(corpus.name(), corpus::open).stream()
          .filter(overlap -> overlap.contaminated() > 0)
          .map(ContaminationCheck::warning)
          .forEach(warnings::add);
    }
  }

  private static String warning(Contamination.Overlap overlap) {
    return String.format(
        Locale.ROOT,
        "domain %s: corpus %s holds %d of its %d documents (over %.0f %% of their 13-word passages,"
            + " or a near copy), such as %s: losses there flatter mixtures with that corpus",
        overlap.domain(),
        overlap.corpus(),
        overlap.contaminated(),
        overlap.documents(),
        100 * Contamination.MOST_SHARED,
        String.join(", ", overlap.examples()));
  }
}
