package dev.mixlaw.eval.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import java.util.Locale;

/** Words of mixtures and domains, for programs. */
final class WordsJson {
  private WordsJson() {}

  /** Nothing if words were not compared. */
  static void add(ObjectNode root, Findings findings) {
    findings
        .provenance()
        .words()
        .ifPresent(
            words -> {
              comparison(root.putObject("words"), words);
              ResultsJson.each(
                  root, "word_correlation", findings.wordCorrelations(), WordsJson::correlation);
            });
  }

  private static void comparison(ObjectNode node, WordComparison words) {
    node.put("language", words.language());
    node.put("budget", words.budget().count());
    node.put("bytes_per_text", words.bytesPerText());
    ResultsJson.each(node, "fits", words.fits(), WordsJson::fit);
  }

  private static void fit(ObjectNode node, WordComparison.Fit fit) {
    node.put("mixture", fit.mixture());
    node.put("domain", fit.domain());
    for (WordComparison.Measure measure : WordComparison.Measure.values()) {
      ResultsJson.number(node, name(measure), measure.of(fit));
    }
  }

  private static void correlation(ObjectNode node, WordCorrelation correlation) {
    node.put("measure", name(correlation.measure()));
    node.put("domain", correlation.domain());
    node.put("model", correlation.model());
    node.put("budget", correlation.budget().count());
    node.put("mixtures", correlation.mixtures());
    if (correlation.rho() instanceof Answer.Known<Estimate> known) {
      ResultsJson.estimate(node.putObject("spearman"), known.value());
    } else if (correlation.rho() instanceof Answer.Refused<Estimate> refused) {
      ResultsJson.refusal(node.putObject("refused"), refused.refusal());
    }
  }

  private static String name(WordComparison.Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT);
  }
}
