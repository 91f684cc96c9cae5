package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.TokenizedText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that every job has enough text. Each corpus must have at least one sequence, no share may
 * round to zero, and no corpus may be repeated more often than the limit allows.
 */
final class CorpusSizeRules {
  private final Study study;
  private final PreparedData data;
  private final Map<String, TextFacts> facts = new LinkedHashMap<>();
  private final Set<String> reported = new LinkedHashSet<>();
  private final List<Problem> problems = new ArrayList<>();

  private CorpusSizeRules(Study study, PreparedData data) {
    this.study = study;
    this.data = data;
    data.corpora().stream().map(TokenizedText::facts).forEach(f -> facts.put(f.name(), f));
  }

  static List<Problem> problems(Study study, PreparedData data, List<RunJob> jobs) {
    CorpusSizeRules rules = new CorpusSizeRules(study, data);
    Set<String> checked = new HashSet<>();
    jobs.stream()
        .filter(
            t ->
                checked.add(
                    t.mixture()
                        + '\n'
                        + t.model().name()
                        + '\n'
                        + t.branches().get(0).key().budget()))
        .forEach(rules::check);
    return rules.problems;
  }

  private void check(RunJob job) {
    boolean enough = true;
    for (String corpus : job.shares().keySet()) {
      enough &= holdsOneSequence(corpus, job);
    }
    if (!enough) {
      return;
    }
    TokenSource source;
    try {
      source = job.source(data);
    } catch (MixlawException e) {
      e.problems().forEach(p -> report(p.toString(), p));
      return;
    }
    RunJob.Branch smallest = job.branches().get(0);
    RunJob.Branch largest = job.last();
    Map<String, Long> least = source.counts(job.sequences(smallest));
    Map<String, Long> most = source.counts(job.sequences(largest));
    Map<String, Long> available = source.available();
    for (String corpus : job.shares().keySet()) {
      if (least.getOrDefault(corpus, 0L) == 0) {
        shareRoundsToNothing(job, smallest, corpus);
      }
      long has = available.getOrDefault(corpus, 0L);
      if (most.getOrDefault(corpus, 0L) > study.maxRepeats() * has) {
        tooManyRepeats(job, largest, corpus, most.get(corpus), has);
      }
    }
  }

  private boolean holdsOneSequence(String corpus, RunJob job) {
    int need = job.model().context() + 1;
    TextFacts text = facts.get(corpus);
    long have = text == null ? 0 : text.tokens();
    if (have >= need) {
      return true;
    }
    report(
        "tokens " + corpus + " " + need,
        new Problem(
            "corpus " + corpus + ": size",
            have + " tokens, fewer than one sequence of model " + job.model().name(),
            "at least " + need + " tokens",
            "use a larger corpus, or change ModelSpec.withContext"));
    return false;
  }

  private void shareRoundsToNothing(RunJob job, RunJob.Branch smallest, String corpus) {
    long sequences = job.sequences(smallest);
    report(
        "share " + job.mixture() + " " + corpus,
        new Problem(
            "mixture " + job.mixture() + ": share of corpus " + corpus,
            Texts.format(
                "rounds to 0: %.0f of the %d tokens of the smallest budget (model %s), less than one sequence of %d tokens",
                job.shares().get(corpus) * job.tokens(smallest),
                job.tokens(smallest),
                job.model().name(),
                job.model().context()),
            Texts.format("a share of about %.2g or more, or 0", 1.0 / sequences),
            "change Mixture.with or Study.budgets"));
  }

  private void tooManyRepeats(
      RunJob job, RunJob.Branch largest, String corpus, long needs, long has) {
    int context = job.model().context();
    report(
        "repeats " + job.mixture() + " " + corpus,
        new Problem(
            "mixture " + job.mixture() + ": corpus " + corpus,
            Texts.format(
                "%2$s (model %3$s) needs %1$d tokens; the corpus has %4$d tokens, so each token would be used %5$.3g times",
                needs * context,
                largest.key().budget(),
                job.model().name(),
                has * context,
                (double) needs / Math.max(1, has)),
            Texts.format("at most %.3g times", study.maxRepeats()),
            "use a larger corpus, or change Study.budgets, Mixture.with or Study.maxRepeats"));
  }

  /** Reports each problem only for the first model or budget that has it. */
  private void report(String thing, Problem problem) {
    if (reported.add(thing)) {
      problems.add(problem);
    }
  }
}
