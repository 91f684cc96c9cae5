package dev.mixlaw.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads and writes the records of runs, measurements and studies in a lab. Records are JSON
 * documents with a checksum. A record that is damaged or belongs to another run is reported and
 * then treated as missing. A record in another format is rejected.
 */
record LabRecords(LabStore store) {
  /**
   * Version of the format of all records. Version 2 had separate records for losses and accuracies.
   */
  static final int FORMAT = 3;

  /**
   * A run that has ended.
   *
   * @param result the result, without measurements
   * @param model files of the final model; empty if it was not kept
   */
  record TrainedRun(RunResult result, String device, List<FileSum> model) {
    TrainedRun {
      model = List.copyOf(model);
    }

    Optional<RunFailure> failure() {
      return result.failure();
    }
  }

  /**
   * A run that has ended, with its measurements for a study.
   *
   * @param failure why training or measuring failed; empty if both are complete
   */
  record Earlier(TrainedRun run, Measurements measured, Optional<RunFailure> failure) {
    static final RunFailure UNMEASURED =
        new RunFailure(RunFailure.Kind.UNMEASURED, "trained, but not measured yet", "");

    /** Returns whether training is complete. Measurements may still be missing. */
    boolean trained() {
      return !run.result().failed();
    }

    RunResult result(RunKey key) {
      return run.result().at(key, failure, failure.isEmpty() ? measured.all() : List.of());
    }

    /** Returns whether no work is left, because the run has been measured or has diverged. */
    boolean settled() {
      return failure.filter(f -> !f.isDivergence()).isEmpty();
    }
  }

  /**
   * The measurements of a run.
   *
   * @param each the measurements on each domain, followed by those on each test; an element is
   *     empty if the run has not been measured
   */
  record Measurements(List<Optional<List<Measurement>>> each) {
    boolean complete() {
      return each.stream().allMatch(Optional::isPresent);
    }

    List<Measurement> all() {
      return complete()
          ? each.stream().flatMap(Optional::stream).flatMap(List::stream).toList()
          : List.of();
    }
  }

  /**
   * The description of a study, and references to its results.
   *
   * @param tokenizerFile name of the trained tokenizer in the lab; empty if the tokenizer was not
   *     trained for the study
   * @param measured the domains, followed by the tests
   * @param trunks identities of the trunks from which runs branch off
   * @param work what workers need to execute the study; empty if an older version stored the study
   */
  record StudyRecord(
      int format,
      String tokenizer,
      Optional<String> tokenizerFile,
      Provenance provenance,
      List<Measured> measured,
      List<Run> runs,
      List<String> trunks,
      Optional<StoredWork> work) {

    /**
     * A domain or test on which runs are measured.
     *
     * @param kind {@code domain} or {@code test}
     */
    record Measured(String kind, String name, String identity) {}

    record Run(RunKey key, String identity) {}
  }

  private record RunFile(int format, RunResult result, String device, List<FileSum> modelFiles) {}

  private record MeasurementFile(int format, String run, List<Measurement> measurements) {}

  /** Converts and checks the content of a record. */
  @FunctionalInterface
  private interface Conversion<F, T> {
    T of(F file) throws IOException;
  }

  /** Returns a record, or empty if it is missing or damaged. */
  private <F, T> Optional<T> read(
      String name, Class<F> type, Consumer<String> damaged, Conversion<F, T> conversion) {
    Optional<byte[]> json = store.read(name);
    if (json.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          conversion.of(
              JsonRecords.read(withFailure(JsonRecords.content(json.get())), type, FORMAT)));
    } catch (JsonRecords.OtherFormatException e) {
      throw MixlawException.storage(
          name,
          String.valueOf(e.getMessage()),
          "a lab of this version of Mixlaw",
          "use another directory in Lab.open, or the version that wrote this lab",
          e);
    } catch (IOException | IllegalArgumentException | NullPointerException e) {
      damaged.accept(name + " is damaged (" + e.getMessage() + ")");
      return Optional.empty();
    }
  }

  /** Moves a failure to its place if an earlier version wrote it as a part of an outcome. */
  private static byte[] withFailure(byte[] json) throws IOException {
    if (JsonRecords.read(json, JsonNode.class) instanceof ObjectNode file
        && file.path("result") instanceof ObjectNode result
        && result.remove("outcome") instanceof ObjectNode outcome) {
      if (outcome.get("failure") instanceof ObjectNode failure) {
        result.set("failure", failure.setAll(outcome.retain("step")));
      }
      return JsonRecords.compact(file);
    }
    return json;
  }

  private void write(String name, Object file, boolean onOneLine) {
    publish(name, file, onOneLine, () -> false);
  }

  /**
   * Creates a record. If it exists, {@code keeping} decides whether the existing record is kept or
   * replaced. Two workers therefore cannot store different results.
   */
  private void publish(String name, Object file, boolean onOneLine, BooleanSupplier keeping) {
    try {
      byte[] json = onOneLine ? JsonRecords.sealedCompact(file) : JsonRecords.sealed(file);
      if (!store.create(name, json) && !keeping.getAsBoolean()) {
        store.write(name, json);
      }
    } catch (IOException e) {
      throw MixlawException.storage(
          name, "cannot be written as JSON", "finite numbers", "report this as a bug", e);
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

  /** Stores the failure of a run. If there is none, deletes a failure that was stored earlier. */
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
   * @param on the domains and tests whose measurements are read
   * @param damaged receives a message for each damaged record
   */
  Optional<Earlier> earlier(String run, List<Measured> on, Consumer<String> damaged) {
    return run(run, damaged)
        .map(
            trained -> {
              Measurements measured = measurements(run, on, damaged);
              boolean unmeasured = trained.result().completed() && !measured.complete();
              return new Earlier(
                  trained,
                  measured,
                  unmeasured
                      ? failure(run).or(() -> Optional.of(Earlier.UNMEASURED))
                      : trained.failure());
            });
  }

  Measurements measurements(String run, List<Measured> on, Consumer<String> damaged) {
    return new Measurements(on.stream().map(m -> measurements(run, m, damaged)).toList());
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
   * Returns a run that has ended, or empty if there is no such run.
   *
   * @param damaged receives a message if the record is damaged
   */
  Optional<TrainedRun> run(String identity, Consumer<String> damaged) {
    return read(
        runFile(identity),
        RunFile.class,
        damaged,
        file -> {
          sameRun(file.result().identity(), identity);
          return new TrainedRun(file.result(), file.device(), file.modelFiles());
        });
  }

  /** Stores a run that has ended. Keeps the record of a completed run with the same model. */
  void save(TrainedRun run) {
    String identity = run.result().identity();
    publish(
        runFile(identity),
        new RunFile(FORMAT, run.result(), run.device(), run.model()),
        false,
        () ->
            run.result().completed()
                && run(identity, damaged -> {})
                    .filter(old -> old.result().completed())
                    .filter(old -> old.model().equals(run.model()))
                    .isPresent());
  }

  private static void sameRun(String found, String identity) throws IOException {
    if (!found.equals(identity)) {
      throw new IOException("it belongs to run " + found);
    }
  }

  /**
   * Returns the measurements of a run on a domain or test, with the name that the study gives to
   * the domain or test. Returns empty if there are none.
   *
   * @param damaged receives a message if the record is damaged
   */
  Optional<List<Measurement>> measurements(String run, Measured on, Consumer<String> damaged) {
    return read(
        measurementFile(run, on.identity()),
        MeasurementFile.class,
        damaged,
        file -> {
          sameRun(file.run(), run);
          return file.measurements().stream().map(m -> m.named(on.name())).toList();
        });
  }

  void save(String run, Measured on, List<Measurement> measurements) {
    publish(
        measurementFile(run, on.identity()),
        new MeasurementFile(FORMAT, run, measurements),
        true,
        () -> measurements(run, on, damaged -> {}).isPresent());
  }

  /** Returns the names of all studies, sorted. */
  List<String> studies() {
    return store.list("studies").stream()
        .filter(name -> store.read(studyFile(name)).isPresent())
        .toList();
  }

  Optional<StudyRecord> study(String name, Consumer<String> damaged) {
    return read(
        studyFile(name),
        StudyRecord.class,
        damaged,
        study -> {
          if (!study.provenance().study().equals(name)) {
            throw new IOException("it belongs to study " + study.provenance().study());
          }
          return study;
        });
  }

  /**
   * Stores a study.
   *
   * @throws MixlawException if the lab has a study whose name differs only in case, because both
   *     would have the same directory on Windows and macOS
   */
  void save(StudyRecord study) {
    String name = study.provenance().study();
    for (String other : store.list("studies")) {
      if (other.equalsIgnoreCase(name) && !other.equals(name)) {
        throw MixlawException.description(
            "study " + name,
            "the lab has a study " + other,
            "a name that differs in more than upper and lower case",
            "change Study.named");
      }
    }
    write(studyFile(name), study, false);
  }

  void verifyMeasurement(String run, String file, Consumer<String> damaged) {
    read(
        "measurements/" + run + "/" + file,
        MeasurementFile.class,
        damaged,
        content -> {
          sameRun(content.run(), run);
          return file;
        });
  }
}
