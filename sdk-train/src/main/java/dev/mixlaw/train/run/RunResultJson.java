package dev.mixlaw.train.run;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceAccuracy.Answered;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Converts the result of a run to and from {@code run.json} (all but the losses) and {@code
 * losses.json}.
 */
final class RunResultJson {
  private static final int FORMAT = 1;
  private static final String COMPLETED = "completed";
  private static final String DIVERGED = "diverged";
  private static final String FAILED = "failed";

  private RunResultJson() {}

  /** {@code run.json}. Maps are sorted, as immutable maps have another order in each JVM. */
  private record RunFile(
      int format,
      String identity,
      String mixture,
      String model,
      long budget,
      int seed,
      String outcome,
      @JsonSetter(nulls = Nulls.SET) @Nullable Long step,
      @JsonSetter(nulls = Nulls.SET) @Nullable String reason,
      long nonEmbeddingParameters,
      long parameters,
      long tokens,
      double flops,
      double exactFlops,
      @JsonSetter(contentNulls = Nulls.FAIL) TreeMap<String, Double> askedShares,
      @JsonSetter(contentNulls = Nulls.FAIL) TreeMap<String, Double> achievedShares,
      @JsonSetter(contentNulls = Nulls.FAIL) TreeMap<String, Double> repeats,
      double learningRate,
      int batchSequences,
      @JsonSetter(nulls = Nulls.SET) @Nullable Double trainingLoss,
      double seconds) {}

  /** {@code losses.json}. */
  private record LossesFile(
      int format,
      String identity,
      List<Domain> domains,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
          List<Choices> choices) {}

  /** Losses of a domain, with a value a document in each list. */
  private record Domain(
      String domain,
      Interval natsPerToken,
      Interval bitsPerByte,
      List<Double> nats,
      List<Integer> tokens,
      List<Integer> bytes) {}

  /** Accuracies of a test; the last three have a digit a question, 1 for a right answer. */
  private record Choices(
      String test,
      double chance,
      Interval acc,
      Interval accNorm,
      Interval accTokens,
      int cut,
      String right,
      String rightNorm,
      String rightTokens) {}

  /** An estimate, as an array of three numbers. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  private record Interval(double value, double low, double high) {
    static Interval of(Estimate e) {
      return new Interval(e.value(), e.interval().low(), e.interval().high());
    }

    Estimate estimate() {
      return Estimate.of(value, low, high);
    }
  }

  /** Where the bytes of {@code losses.json} come from. */
  @FunctionalInterface
  interface Losses {
    byte[] read() throws IOException;
  }

  /** Returns the content of {@code run.json}. */
  static byte[] run(RunResult r) throws IOException {
    Outcome outcome = r.outcome();
    return JsonRecords.pretty(
        new RunFile(
            FORMAT,
            r.identity(),
            r.key().mixture(),
            r.key().model(),
            r.key().budget().count(),
            r.key().seed(),
            outcome.isCompleted() ? COMPLETED : outcome.isDiverged() ? DIVERGED : FAILED,
            outcome.step().isPresent() ? outcome.step().getAsLong() : null,
            outcome.reason().orElse(null),
            r.nonEmbeddingParameters(),
            r.parameters(),
            r.tokens(),
            r.flops(),
            r.exactFlops(),
            new TreeMap<>(r.askedShares()),
            new TreeMap<>(r.achievedShares()),
            new TreeMap<>(r.repeats()),
            r.learningRate(),
            r.batchSequences(),
            r.trainingLoss().isPresent() ? r.trainingLoss().getAsDouble() : null,
            r.seconds()));
  }

  /** Returns the content of {@code losses.json}. */
  static byte[] losses(RunResult r) throws IOException {
    return JsonRecords.compact(
        new LossesFile(
            FORMAT,
            r.identity(),
            r.losses().stream().map(RunResultJson::domain).toList(),
            r.choices().stream().map(RunResultJson::choices).toList()));
  }

  /**
   * Reads a result.
   *
   * @param losses of {@code losses.json}; read only for completed runs
   * @throws IOException if a file is damaged or belongs to another run
   */
  static RunResult read(String identity, byte[] run, Losses losses) throws IOException {
    RunFile file = JsonRecords.read(run, RunFile.class, FORMAT);
    check(file.identity(), identity);
    LossesFile measured = new LossesFile(FORMAT, identity, List.of(), List.of());
    if (file.outcome().equals(COMPLETED)) {
      measured = JsonRecords.read(losses.read(), LossesFile.class, FORMAT);
      check(measured.identity(), identity);
    }
    return new RunResult(
        new RunKey(file.mixture(), file.model(), new Tokens(file.budget()), file.seed()),
        identity,
        outcome(file),
        file.nonEmbeddingParameters(),
        file.parameters(),
        file.tokens(),
        file.flops(),
        file.exactFlops(),
        file.askedShares(),
        file.achievedShares(),
        file.repeats(),
        file.learningRate(),
        file.batchSequences(),
        file.trainingLoss() == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(file.trainingLoss()),
        measured.domains().stream().map(RunResultJson::domain).toList(),
        measured.choices().stream().map(RunResultJson::choices).toList(),
        file.seconds());
  }

  private static void check(String found, String identity) throws IOException {
    if (!found.equals(identity)) {
      throw new IOException("it is of run " + found);
    }
  }

  private static Outcome outcome(RunFile file) throws IOException {
    return switch (file.outcome()) {
      case COMPLETED -> Outcome.completed();
      case DIVERGED ->
          Outcome.diverged(present(file.step(), "step"), present(file.reason(), "reason"));
      case FAILED -> Outcome.failed(present(file.reason(), "reason"));
      default -> throw new IOException("unknown outcome " + file.outcome());
    };
  }

  private static <T> T present(@Nullable T value, String key) throws IOException {
    if (value == null) {
      throw new IOException("no " + key);
    }
    return value;
  }

  private static Domain domain(DomainLoss d) {
    return new Domain(
        d.domain(),
        Interval.of(d.natsPerToken()),
        Interval.of(d.bitsPerByte()),
        d.documents().stream().map(DocumentLoss::nats).toList(),
        d.documents().stream().map(DocumentLoss::tokens).toList(),
        d.documents().stream().map(DocumentLoss::bytes).toList());
  }

  private static DomainLoss domain(Domain d) {
    int count = d.nats().size();
    same("domain " + d.domain(), count, d.tokens().size(), d.bytes().size());
    return new DomainLoss(
        d.domain(),
        IntStream.range(0, count)
            .mapToObj(i -> new DocumentLoss(d.nats().get(i), d.tokens().get(i), d.bytes().get(i)))
            .toList(),
        d.natsPerToken().estimate(),
        d.bitsPerByte().estimate());
  }

  private static Choices choices(ChoiceAccuracy c) {
    return new Choices(
        c.test(),
        c.chance(),
        Interval.of(c.plain()),
        Interval.of(c.byBytes()),
        Interval.of(c.byTokens()),
        c.cut(),
        digits(c, Answered::plain),
        digits(c, Answered::byBytes),
        digits(c, Answered::byTokens));
  }

  private static String digits(ChoiceAccuracy choices, Predicate<Answered> right) {
    return choices.answers().stream()
        .map(a -> right.test(a) ? "1" : "0")
        .collect(Collectors.joining());
  }

  private static ChoiceAccuracy choices(Choices c) {
    int count = c.right().length();
    same("test " + c.test(), count, c.rightNorm().length(), c.rightTokens().length());
    return new ChoiceAccuracy(
        c.test(),
        c.chance(),
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new Answered(
                        c.right().charAt(i) == '1',
                        c.rightNorm().charAt(i) == '1',
                        c.rightTokens().charAt(i) == '1'))
            .toList(),
        c.acc().estimate(),
        c.accNorm().estimate(),
        c.accTokens().estimate(),
        c.cut());
  }

  private static void same(String of, int count, int second, int third) {
    if (second != count || third != count) {
      throw new IllegalArgumentException(
          of
              + ": lists of "
              + count
              + ", "
              + second
              + " and "
              + third
              + "; expected equal lengths");
    }
  }
}
