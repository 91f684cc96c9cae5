package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Creates the results of the runs of a job, before they are measured. */
record RunResults(RunJob job, PreparedData data) {
  RunResult unmeasured(
      RunJob.Branch branch,
      String identity,
      Optional<RunFailure> failure,
      OptionalDouble trainingLoss,
      double seconds) {
    long tokens = job.tokens(branch);
    long parameters = job.model().nonEmbeddingParameters();
    TokenSource source = job.source(data);
    return new RunResult(
        branch.key(),
        identity,
        failure,
        parameters,
        job.model().parameters(job.rows()),
        tokens,
        6.0 * parameters * tokens,
        job.model().trainingFlopsPerToken(job.rows()) * tokens,
        job.shares(),
        achieved(source, job.sequences(branch)),
        repeats(source, job.sequences(branch)),
        job.learningRate(branch),
        job.batchSequences(branch),
        trainingLoss,
        List.of(),
        seconds);
  }

  private static Map<String, Double> achieved(TokenSource source, long sequences) {
    Map<String, Double> shares = new LinkedHashMap<>();
    source.counts(sequences).forEach((corpus, n) -> shares.put(corpus, (double) n / sequences));
    return shares;
  }

  /** Returns the number of epochs of each corpus in a run. */
  static Map<String, Double> repeats(TokenSource source, long sequences) {
    Map<String, Long> available = source.available();
    Map<String, Double> repeats = new LinkedHashMap<>();
    source
        .counts(sequences)
        .forEach((corpus, n) -> repeats.put(corpus, (double) n / available.get(corpus)));
    return repeats;
  }
}
