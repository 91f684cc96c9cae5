package dev.mixlaw.mix.prepare;

import dev.mixlaw.mix.compare.CorpusComparison;
import dev.mixlaw.mix.corpus.HeldOut;
import java.util.List;
import java.util.Locale;

/** Warns if training text contains documents of a domain. */
final class ContaminationCheck {
  private ContaminationCheck() {}

  /** Adds a warning for each pair of a corpus and a domain with common documents. */
  static void warn(List<TextSource> corpora, List<TextSource> domains, List<String> warnings) {
    CorpusComparison.overlaps(
            corpora.stream().map(TextSource::corpus).toList(),
            domains.stream().map(TextSource::corpus).toList())
        .stream()
        .filter(overlap -> overlap.contaminated() > 0)
        .map(ContaminationCheck::warning)
        .forEach(warnings::add);
  }

  private static String warning(CorpusComparison.Overlap overlap) {
    return String.format(
        Locale.ROOT,
        "domain %s: corpus %s contains %d of its %d documents (over %.0f %% of their 13-word"
            + " shingles, or a near copy), such as %s: losses are too low for mixtures with this"
            + " corpus",
        overlap.domain(),
        overlap.corpus(),
        overlap.contaminated(),
        overlap.documents(),
        100 * HeldOut.MOST_SHARED,
        String.join(", ", overlap.examples()));
  }
}
