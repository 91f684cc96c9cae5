package dev.mixlaw.api;

import dev.mixlaw.api.internal.Quantity;
import dev.mixlaw.api.internal.TextTable;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.RunKey;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The plan of a study. {@link #toString} formats it as a table.
 *
 * @param study name of the study
 * @param engine name of the engine
 * @param device device on which the engine runs
 * @param workers number of runs that are trained at the same time
 * @param threadsPerWorker number of native threads per worker
 * @param layoutReason reason for the number of workers and threads
 * @param runs all runs of the study
 * @param trainedTokens number of tokens on which all runs together are trained, including the runs
 *     that were already trained; steps that several budgets share are counted once
 * @param exactFlops number of floating-point operations for training all runs
 * @param remainingTokens number of tokens on which runs still have to be trained
 * @param memoryBytes peak native and heap memory of all workers together, in bytes
 * @param estimatedTime estimated time for all remaining work: training, measuring, comparing words
 *     and the analysis
 * @param digest hash of all runs and of the text and tests on which they are measured
 * @param notes additional information, such as further steps of the study, or why no faster engine
 *     was selected
 * @param warnings possible causes of unreliable results, such as domains with few documents
 */
public record Plan(
    String study,
    String engine,
    String device,
    int workers,
    int threadsPerWorker,
    String layoutReason,
    List<PlannedRun> runs,
    long trainedTokens,
    double exactFlops,
    long remainingTokens,
    long memoryBytes,
    Duration estimatedTime,
    String digest,
    List<String> notes,
    List<String> warnings) {

  /** Copies the lists. */
  public Plan {
    Objects.requireNonNull(study, "study");
    Objects.requireNonNull(engine, "engine");
    Objects.requireNonNull(device, "device");
    Objects.requireNonNull(layoutReason, "layoutReason");
    Objects.requireNonNull(estimatedTime, "estimatedTime");
    Objects.requireNonNull(digest, "digest");
    runs = List.copyOf(runs);
    notes = List.copyOf(notes);
    warnings = List.copyOf(warnings);
  }

  /** Returns a copy of this plan with additional time, notes and warnings. */
  Plan with(Duration moreTime, List<String> moreNotes, List<String> moreWarnings) {
    return new Plan(
        study,
        engine,
        device,
        workers,
        threadsPerWorker,
        layoutReason,
        runs,
        trainedTokens,
        exactFlops,
        remainingTokens,
        memoryBytes,
        estimatedTime.plus(moreTime),
        digest,
        Stream.concat(notes.stream(), moreNotes.stream()).toList(),
        Stream.concat(warnings.stream(), moreWarnings.stream()).toList());
  }

  /**
   * A run in a plan.
   *
   * @param key mixture, model, budget and seed of the run
   * @param identity hash of everything on which the result of the run depends
   * @param nonEmbeddingParameters number of non-embedding parameters, N
   * @param parameters number of all parameters
   * @param tokens the budget, rounded to whole steps
   * @param steps number of optimizer steps from the start
   * @param batchSequences number of sequences in the last step
   * @param learningRate learning rate of the last step before the decay
   * @param repeats map from each corpus to the number of its tokens to train on, divided by the
   *     number of tokens in the corpus
   * @param trained whether the run was already trained, in this study or in another one
   * @param done whether the run was already trained and measured, so that nothing remains to do
   */
  public record PlannedRun(
      RunKey key,
      String identity,
      long nonEmbeddingParameters,
      long parameters,
      long tokens,
      long steps,
      int batchSequences,
      double learningRate,
      Map<String, Double> repeats,
      boolean trained,
      boolean done) {
    /** Copies the map. */
    public PlannedRun {
      Objects.requireNonNull(key, "key");
      repeats = Map.copyOf(repeats);
    }
  }

  /** Returns the number of runs that were already trained. */
  public int reusedRuns() {
    return (int) runs.stream().filter(PlannedRun::trained).count();
  }

  /** Returns the number of runs to train. */
  public int newRuns() {
    return runs.size() - reusedRuns();
  }

  private String reuse() {
    long toMeasure = runs.stream().filter(r -> r.trained() && !r.done()).count();
    String measured = toMeasure > 0 ? toMeasure + " of them to measure, " : "";
    return "%s reused, %s%s new".formatted(reusedRuns(), measured, newRuns());
  }

  private String left() {
    String time = Quantity.time(estimatedTime.toSeconds());
    if (remainingTokens > 0) {
      return "left: %s tokens, about %s".formatted(Quantity.format(remainingTokens), time);
    }
    return runs.stream().allMatch(PlannedRun::done)
        ? "nothing left to train or measure, about " + time + " for the analysis"
        : "nothing left to train, about " + time + " to measure";
  }

  /**
   * Returns a human-readable table of the models and mixtures, with the total cost and the
   * remaining work.
   */
  @Override
  public String toString() {
    TextTable table = new TextTable();
    table.line(
        "study %s: %d runs (%s), %s tokens and %.3g FLOPs in all; %s; at most %s of memory",
        study,
        runs.size(),
        reuse(),
        Quantity.format(trainedTokens),
        exactFlops,
        left(),
        Quantity.bytes(memoryBytes));
    table.engine(engine, device, workers, threadsPerWorker, layoutReason);
    addSizes(table);
    addMixtures(table);
    return table.lines("note: ", notes).lines("warning: ", warnings).toString();
  }

  /** Adds a line for each model and budget. */
  private void addSizes(TextTable table) {
    table.line("%-12s %9s %9s %8s %7s %8s", "model", "N", "tokens", "batch", "steps", "rate");
    Map<String, PlannedRun> sizes = new LinkedHashMap<>();
    runs.forEach(r -> sizes.putIfAbsent(r.key().model() + '\n' + r.key().budget().count(), r));
    for (PlannedRun run : sizes.values()) {
      table.line(
          "%-12s %9s %9s %8d %7d %8.2g",
          run.key().model(),
          Quantity.format(run.nonEmbeddingParameters()),
          Quantity.format(run.tokens()),
          run.batchSequences(),
          run.steps(),
          run.learningRate());
    }
  }

  /** Adds a line for each mixture. The repeats are those of its longest run. */
  private void addMixtures(TextTable table) {
    table.line("%-24s %6s %6s  %s", "mixture", "seeds", "runs", "repeats");
    Map<String, List<PlannedRun>> mixtures =
        runs.stream()
            .collect(
                Collectors.groupingBy(
                    r -> r.key().mixture(), LinkedHashMap::new, Collectors.toList()));
    mixtures.forEach(
        (name, ofMixture) ->
            table.line(
                "%-24s %6d %6d  %s",
                name,
                ofMixture.stream().map(r -> r.key().seed()).distinct().count(),
                ofMixture.size(),
                repeats(
                    ofMixture.stream()
                        .max(Comparator.comparingLong(PlannedRun::tokens))
                        .orElseThrow()
                        .repeats())));
  }

  private static String repeats(Map<String, Double> repeats) {
    return repeats.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> Texts.format("%s ×%.2g", e.getKey(), e.getValue()))
        .collect(Collectors.joining(" "));
  }
}
