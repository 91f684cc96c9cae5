package dev.mixlaw.train.run;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the records of runs, measurements and studies in a lab. Records are JSON
 * documents with a checksum. A record that is damaged or belongs to another run is reported to the
 * caller and then treated as missing.
 */
record LabRecords(LabStore store) {
  private static final int FORMAT = 2;
  private static final String COMPLETED = "completed";
  private static final String DIVERGED = "diverged";
  private static final String FAILED = "failed";

  /**
   * A run that has ended.
   *
   * @param result the result, without losses
   * @param device the device on which the run was trained
   * @param model files of the final model; empty if it was not kept
   */
  record TrainedRun(RunResult result, String device, List<FileSum> model) {
    TrainedRun {
      model = List.copyOf(model);
    }

    Outcome outcome() {
      return result.outcome();
    }
  }

  /**
   * A run that has ended, with its measurements for a study.
   *
   * @param outcome the outcome of both training and measuring
   */
  record Earlier(TrainedRun run, Measurements measured, Outcome outcome) {
    static final RunFailure UNMEASURED =
        new RunFailure(RunFailure.Kind.UNMEASURED, "trained, but not measured yet", "");

    /** Returns whether training is complete. Measurements may still be missing. */
    boolean trained() {
      return !run.outcome().isFailed();
    }

    /** Returns the result for a position in a study's grid. */
    RunResult result(RunKey key) {
      boolean whole = outcome.isCompleted();
      return run.result()
          .at(
              key,
              outcome,
              whole ? measured.allLosses() : List.of(),
              whole ? measured.allChoices() : List.of());
    }

    /** Returns whether no work is left, because the run has been measured or has diverged. */
    boolean settled() {
      return !outcome.isFailed();
    }
  }

  /**
   * The measurements of a run. An element is empty if the measurement is missing.
   *
   * @param losses the loss on each domain, in the order of the study's domains
   * @param choices the accuracy on each test, in the order of the study's tests
   */
  record Measurements(List<Optional<DomainLoss>> losses, List<Optional<ChoiceAccuracy>> choices) {
    boolean complete() {
      return losses.stream().allMatch(Optional::isPresent)
          && choices.stream().allMatch(Optional::isPresent);
    }

    /** Returns the losses on all domains, or an empty list if a measurement is missing. */
    List<DomainLoss> allLosses() {
      return complete() ? losses.stream().map(Optional::orElseThrow).toList() : List.of();
    }

    /** Returns the accuracies on all tests, or an empty list if a measurement is missing. */
    List<ChoiceAccuracy> allChoices() {
      return complete() ? choices.stream().map(Optional::orElseThrow).toList() : List.of();
    }
  }

  /**
   * The description of a study, and references to its results.
   *
   * @param tokenizer description of the tokenizer
   * @param tokenizerFile name of the trained tokenizer in the lab; empty if the tokenizer was not
   *     trained for the study
   * @param trunks identities of the trunks from which runs branch off
   */
  record StudyRecord(
      int format,
      String tokenizer,
      Optional<String> tokenizerFile,
      Provenance provenance,
      List<Measured> domains,
      List<Measured> tests,
      List<Run> runs,
      List<String> trunks) {

    /** A domain or test, and the identity of its measurements. */
    record Measured(String name, String identity) {}

    /** A run and its position in the grid. Records of older versions have no factor. */
    record Run(
        String mixture,
        String model,
        long budget,
        int seed,
        @JsonSetter(nulls = Nulls.SET) @Nullable Double rateFactor,
        String identity) {
      RunKey key() {
        double factor = rateFactor == null ? 1 : rateFactor;
        return new RunKey(mixture, model, new Tokens(budget), seed, factor);
      }
    }
  }

  /**
   * The content of {@code run.json}. Maps are sorted, because the iteration order of immutable maps
   * differs between JVMs.
   */
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
      double seconds,
      String device,
      List<FileSum> modelFiles) {}

  /** The losses on a domain. The lists have one element per document. */
  private record DomainFile(
      int format,
      String run,
      String domain,
      Interval natsPerToken,
      Interval bitsPerByte,
      List<Double> nats,
      List<Integer> tokens,
      List<Integer> bytes) {}

  private record TestFile(int format, String run, ChoiceAccuracy answers) {}

  /** An estimate with its confidence interval, which is stored as an array of three numbers. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  private record Interval(double value, double low, double high) {
    static Interval of(Estimate e) {
      return new Interval(e.value(), e.interval().low(), e.interval().high());
    }

    Estimate estimate() {
      return Estimate.of(value, low, high);
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T of(byte[] json) throws IOException;
  }

  @FunctionalInterface
  private interface Writing {
    byte[] json() throws IOException;
  }

  private <T> Optional<T> read(String name, Consumer<String> damaged, Reading<T> reading) {
    Optional<byte[]> json = store.read(name);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(reading.of(json.get()));
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      damaged.accept(name + " is damaged (" + e.getMessage() + ")");
      return Optional.empty();
    }
  }

  private void write(String name, Writing writing) {
    try {
      store.write(name, writing.json());
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(name, "cannot be written as JSON", "finite numbers", "report this as a bug"),
          e);
    }
  }

  /**
   * Returns the failure of a run or of its measurement, or empty if there is none. The file
   * contains the kind of the failure, followed by the stack trace.
   */
  Optional<RunFailure> failure(String run) {
    return store
        .read(failureFile(run))
        .map(
            file -> {
              String[] text = new String(file, StandardCharsets.UTF_8).split("\n", 2);
              boolean known =
                  Stream.of(RunFailure.Kind.values()).anyMatch(k -> k.name().equals(text[0]));
              String stack = known ? text[text.length - 1] : String.join("\n", text);
              return new RunFailure(
                  known ? RunFailure.Kind.valueOf(text[0]) : RunFailure.Kind.OTHER,
                  stack.split("\n\tat ", 2)[0],
                  stack);
            });
  }

  /** Stores the failure of a run. If there is none, deletes the failure that was stored earlier. */
  void saveFailure(String run, Optional<RunFailure> failure) {
    failure.ifPresentOrElse(
        f -> {
          String text = f.kind() + "\n" + f.stack();
          store.write(failureFile(run), text.getBytes(StandardCharsets.UTF_8));
        },
        () -> store.delete(failureFile(run)));
  }

  private static String failureFile(String run) {
    return "runs/" + run + "/failure.txt";
  }

  /**
   * Returns a run that has ended, with its measurements, or empty if there is no such run.
   *
   * @param domains the domains whose measurements are read
   * @param tests the tests whose measurements are read
   * @param damaged receives a message for each damaged record
   */
  Optional<Earlier> earlier(
      String run, List<Measured> domains, List<Measured> tests, Consumer<String> damaged) {
    return run(run, damaged)
        .map(
            trained -> {
              Measurements measured = measurements(run, domains, tests, damaged);
              boolean unmeasured = trained.outcome().isCompleted() && !measured.complete();
              return new Earlier(
                  trained,
                  measured,
                  unmeasured
                      ? Outcome.failed(failure(run).orElse(Earlier.UNMEASURED))
                      : trained.outcome());
            });
  }

  Measurements measurements(
      String run, List<Measured> domains, List<Measured> tests, Consumer<String> damaged) {
    return new Measurements(
        domains.stream().map(d -> losses(run, d.identity(), d.name(), damaged)).toList(),
        tests.stream().map(t -> answers(run, t.identity(), t.name(), damaged)).toList());
  }

  static String runFile(String run) {
    return "runs/" + run + "/run.json";
  }

  private static String measurementFile(String run, String measurement) {
    return "measurements/" + run + "/" + measurement.substring(0, 32) + ".json";
  }

  private static String studyFile(String study) {
    return "studies/" + study + "/study.json";
  }

  /**
   * Returns a run that has ended with any outcome, or empty if there is no such run.
   *
   * @param damaged receives a message if the record is damaged
   */
  Optional<TrainedRun> run(String identity, Consumer<String> damaged) {
    return read(
        runFile(identity),
        damaged,
        json -> {
          RunFile file = JsonRecords.unsealed(json, RunFile.class, FORMAT);
          sameRun(file.identity(), identity);
          return new TrainedRun(result(file), file.device(), file.modelFiles());
        });
  }

  void save(TrainedRun run) {
    RunResult r = run.result();
    Outcome outcome = r.outcome();
    write(
        runFile(r.identity()),
        () ->
            JsonRecords.sealed(
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
                    r.seconds(),
                    run.device(),
                    run.model())));
  }

  private RunResult result(RunFile file) throws IOException {
    return new RunResult(
        new RunKey(file.mixture(), file.model(), new Tokens(file.budget()), file.seed()),
        file.identity(),
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
        List.of(),
        List.of(),
        file.seconds());
  }

  private Outcome outcome(RunFile file) throws IOException {
    return switch (file.outcome()) {
      case COMPLETED -> Outcome.completed();
      case DIVERGED ->
          Outcome.diverged(present(file.step(), "step"), present(file.reason(), "reason"));
      case FAILED -> {
        String reason = present(file.reason(), "reason");
        RunFailure unknown = new RunFailure(RunFailure.Kind.OTHER, reason, "");
        RunFailure stored = failure(file.identity()).orElse(unknown);
        yield Outcome.failed(new RunFailure(stored.kind(), reason, stored.stack()));
      }
      default -> throw new IOException("unknown outcome " + file.outcome());
    };
  }

  private static <T> T present(@Nullable T value, String key) throws IOException {
    if (value == null) {
      throw new IOException("no " + key);
    }
    return value;
  }

  private static void sameRun(String found, String identity) throws IOException {
    if (!found.equals(identity)) {
      throw new IOException("it belongs to run " + found);
    }
  }

  /**
   * Returns the loss of a run on a domain, or empty if it has not been measured.
   *
   * @param measurement identity of the measurement
   * @param name name of the domain in the study
   * @param damaged receives a message if the record is damaged
   */
  Optional<DomainLoss> losses(
      String run, String measurement, String name, Consumer<String> damaged) {
    return read(
        measurementFile(run, measurement),
        damaged,
        json -> {
          DomainFile file = JsonRecords.unsealed(json, DomainFile.class, FORMAT);
          sameRun(file.run(), run);
          int count = file.nats().size();
          sameLength(count, file.tokens().size(), file.bytes().size());
          return new DomainLoss(
              name,
              IntStream.range(0, count)
                  .mapToObj(
                      i ->
                          new DocumentLoss(
                              file.nats().get(i), file.tokens().get(i), file.bytes().get(i)))
                  .toList(),
              file.natsPerToken().estimate(),
              file.bitsPerByte().estimate());
        });
  }

  void save(String run, String measurement, DomainLoss loss) {
    write(
        measurementFile(run, measurement),
        () ->
            JsonRecords.sealedCompact(
                new DomainFile(
                    FORMAT,
                    run,
                    loss.domain(),
                    Interval.of(loss.natsPerToken()),
                    Interval.of(loss.bitsPerByte()),
                    loss.documents().stream().map(DocumentLoss::nats).toList(),
                    loss.documents().stream().map(DocumentLoss::tokens).toList(),
                    loss.documents().stream().map(DocumentLoss::bytes).toList())));
  }

  /**
   * Returns the accuracy of a run on a test, or empty if it has not been measured.
   *
   * @param measurement identity of the measurement
   * @param name name of the test in the study
   * @param damaged receives a message if the record is damaged
   */
  Optional<ChoiceAccuracy> answers(
      String run, String measurement, String name, Consumer<String> damaged) {
    return read(
        measurementFile(run, measurement),
        damaged,
        json -> {
          TestFile file = JsonRecords.unsealed(json, TestFile.class, FORMAT);
          sameRun(file.run(), run);
          ChoiceAccuracy answers = file.answers();
          return new ChoiceAccuracy(name, answers.chance(), answers.measurements(), answers.cut());
        });
  }

  void save(String run, String measurement, ChoiceAccuracy answers) {
    write(
        measurementFile(run, measurement),
        () -> JsonRecords.sealedCompact(new TestFile(FORMAT, run, answers)));
  }

  private static void sameLength(int count, int second, int third) throws IOException {
    if (second != count || third != count) {
      throw new IOException(
          "lists of " + count + ", " + second + " and " + third + "; expected equal lengths");
    }
  }

  Optional<StudyRecord> study(String name, Consumer<String> damaged) {
    return read(
        studyFile(name),
        damaged,
        json -> {
          StudyRecord study = JsonRecords.unsealed(json, StudyRecord.class, FORMAT);
          if (!study.provenance().study().equals(name)) {
            throw new IOException("it belongs to study " + study.provenance().study());
          }
          return study;
        });
  }

  void save(StudyRecord study) {
    write(studyFile(study.provenance().study()), () -> JsonRecords.sealed(study));
  }

  /** The runs to which rounds refer. They must not be deleted by {@code prune}. */
  private record RoundRunsFile(int format, List<String> runs) {}

  /** Stores the identities of the runs and trunks to which rounds refer. */
  void saveRoundRuns(String rounds, String digest, List<String> runs) {
    write(roundsFile(rounds, digest), () -> JsonRecords.sealed(new RoundRunsFile(FORMAT, runs)));
  }

  /**
   * Returns the identities of the runs and trunks to which rounds refer.
   *
   * @throws MixlawException if the record is damaged
   */
  List<String> roundRuns(String rounds, String digest) {
    String name = roundsFile(rounds, digest);
    return read(
            name,
            damaged -> {
              throw new MixlawException(
                  MixlawException.Kind.STORAGE,
                  new Problem(
                      "rounds " + rounds, damaged, "an intact file", "run the rounds again"));
            },
            json -> JsonRecords.unsealed(json, RoundRunsFile.class, FORMAT).runs())
        .orElse(List.of());
  }

  private static String roundsFile(String rounds, String digest) {
    return "studies/" + rounds + "/rounds/" + digest + ".json";
  }

  void verifyMeasurement(String run, String file, Consumer<String> damaged) {
    read(
        "measurements/" + run + "/" + file,
        damaged,
        json -> {
          sameRun(JsonRecords.unsealed(json, JsonNode.class, FORMAT).path("run").asText(), run);
          return file;
        });
  }

  static int format() {
    return FORMAT;
  }
}
