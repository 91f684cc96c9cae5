package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.JobClaims.Owner;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.run.LabRecords.Measurements;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists, checks and deletes the content of a lab. This class needs no corpora, and neither trains
 * nor measures. All methods except {@link #prune} may be called while studies are running in the
 * lab.
 */
public final class LabInventory {
  private static final String RUNS = "runs";
  private static final String MEASUREMENTS = "measurements";
  private static final String STUDIES = "studies";
  private static final String TOKENIZERS = "tokenizers";

  private final Path directory;
  private final LabStore store;
  private final LabRecords records;

  private LabInventory(Path directory) {
    this.directory = directory;
    this.store = LabStore.open(directory, new Disk());
    this.records = new LabRecords(store);
  }

  /**
   * Opens a lab.
   *
   * @throws MixlawException if there is no lab in the directory
   */
  public static LabInventory open(Path directory) {
    LabInventory lab = new LabInventory(directory);
    if (lab.store.list(STUDIES).isEmpty() && lab.store.list(RUNS).isEmpty()) {
      throw MixlawException.storage(
          "the lab's directory " + directory,
          "no studies and no runs",
          "the directory of a lab, as passed to Lab.open",
          "check the path");
    }
    return lab;
  }

  /** Returns the names of all studies, sorted. */
  public List<String> studies() {
    return records.studies();
  }

  /**
   * Returns the number of a study's runs in each state, such as {@code measured=58, failed=2}. The
   * state of a run that is being trained is {@code missing}.
   *
   * @throws MixlawException if there is no such study
   */
  public Map<String, Integer> states(String study) {
    Map<String, Integer> states = new TreeMap<>();
    StudyRecord record = study(study);
    record.runs().forEach(run -> states.merge(state(record, run.identity()), 1, Integer::sum));
    return states;
  }

  private String state(StudyRecord study, String run) {
    return earlier(study, run)
        .map(
            e ->
                e.run().result().diverged()
                    ? "diverged"
                    : e.run().result().failed()
                        ? "failed"
                        : e.measured().complete() ? "measured" : "trained")
        .orElse("missing");
  }

  private Optional<Earlier> earlier(StudyRecord study, String run) {
    return records.earlier(run, study.measured(), damaged -> {});
  }

  private StudyRecord study(String name) {
    List<String> damaged = new ArrayList<>();
    return records
        .study(name, damaged::add)
        .orElseThrow(
            () ->
                MixlawException.data(
                    "study " + name,
                    damaged.isEmpty() ? "not in the lab" : damaged.get(0),
                    "one of " + studies(),
                    "check the name"));
  }

  /**
   * Returns a line for each job that a worker is executing: the job, the machine and process of the
   * worker, the time at which the worker claimed the job, and the time of its last heartbeat. The
   * times are by the clock of the worker, which writes a heartbeat three times per lease.
   */
  public List<String> claimedJobs() {
    return store.list(JobClaims.FOLDER).stream()
        .map(
            claim ->
                Owner.read(store, JobClaims.FOLDER + "/" + claim)
                    .map(Owner::toString)
                    .orElse(claim + ": being claimed or released"))
        .toList();
  }

  /**
   * Returns a line for each run of a study, with the run's identity, its state and its position in
   * the study's grid.
   *
   * @throws MixlawException if there is no such study
   */
  public List<String> runs(String study) {
    StudyRecord record = study(study);
    return record.runs().stream()
        .map(
            r ->
                r.identity().substring(0, 12) + "  " + state(record, r.identity()) + "  " + r.key())
        .toList();
  }

  /**
   * Returns a description of a run: its position in the grid, outcome and losses, and the stack
   * trace if it failed.
   *
   * @param prefix first characters of the run's identity
   * @throws MixlawException unless exactly one identity has this prefix
   */
  public String show(String prefix) {
    List<String> found =
        store.list(RUNS).stream()
            .filter(id -> id.startsWith(prefix) && store.read(LabRecords.runFile(id)).isPresent())
            .toList();
    if (found.size() != 1) {
      throw MixlawException.data(
          "run " + prefix,
          found.isEmpty()
              ? "no run has an identity with this beginning"
              : found.size() + " runs have identities with this beginning",
          "the beginning of exactly one run's identity",
          "use more digits of an identity from the list of a study's runs");
    }
    String run = found.get(0);
    StringBuilder text = new StringBuilder();
    records
        .run(run, damaged -> {})
        .map(TrainedRun::result)
        .ifPresent(r -> text.append(r.key() + ": " + r.outcome() + "\n"));
    text.append(new String(read(LabRecords.runFile(run)), StandardCharsets.UTF_8)).append('\n');
    for (String file : store.list(MEASUREMENTS + "/" + run)) {
      text.append("measured: ").append(MEASUREMENTS).append('/').append(run).append('/');
      text.append(file).append('\n');
    }
    store
        .read(RUNS + "/" + run + "/failure.txt")
        .ifPresent(trace -> text.append(new String(trace, StandardCharsets.UTF_8)));
    return text.toString();
  }

  private byte[] read(String name) {
    return store.read(name).orElseGet(() -> new byte[0]);
  }

  /**
   * Marks the failed and diverged runs of a study, so that they are trained again when the study is
   * next started. Returns the number of marked runs. Failed runs are trained again even if they are
   * not marked.
   *
   * @throws MixlawException if there is no such study
   */
  public int retry(String study) {
    int runs = 0;
    for (StudyRecord.Run run : study(study).runs()) {
      Optional<TrainedRun> trained = records.run(run.identity(), damaged -> {});
      if (trained.isPresent() && !trained.get().result().completed()) {
        store.delete(LabRecords.runFile(run.identity()));
        records.saveFailure(run.identity(), Optional.empty());
        runs++;
      }
    }
    return runs;
  }

  /**
   * Deletes all runs, with their models and measurements, and all trunks and tokenizers to which no
   * study refers, and temporary files of killed processes. The studies include those of the rounds.
   * No study may be running in the lab.
   *
   * @param dryRun whether to return the names without deleting the files
   * @return the names of the deleted items, or of those that would be deleted
   * @throws MixlawException if a job is claimed, or the record of a study is damaged
   */
  public List<String> prune(boolean dryRun) {
    Set<String> used = new LinkedHashSet<>();
    for (String study : store.list(STUDIES)) {
      if (store.read(STUDIES + "/" + study + "/study.json").isPresent()) {
        StudyRecord record = study(study);
        record.runs().forEach(r -> used.add(r.identity()));
        used.addAll(record.trunks());
        record.tokenizerFile().ifPresent(used::add);
      }
    }
    List<String> unused = new ArrayList<>();
    Stream.of(RUNS, MEASUREMENTS, TOKENIZERS)
        .flatMap(folder -> store.list(folder).stream().map(name -> folder + "/" + name))
        .filter(name -> !used.contains(name.substring(name.indexOf('/') + 1)))
        .filter(name -> !used.contains(name))
        .forEach(unused::add);
    for (String temporary : temporaries()) {
      if (unused.stream().noneMatch(item -> temporary.startsWith(item + "/"))) {
        unused.add(temporary);
      }
    }
    if (!dryRun) {
      List<String> claimed = claimedJobs();
      if (!claimed.isEmpty()) {
        throw MixlawException.storage(
            "the lab's directory " + directory,
            claimed.size() + " jobs are being executed, such as " + claimed.get(0),
            "no study running in the lab",
            "wait until no study is running in the lab; run the study of a job whose worker has died");
      }
      unused.forEach(store::delete);
    }
    return unused;
  }

  private List<String> temporaries() {
    try {
      Path root = directory.toAbsolutePath();
      return DurableFile.abandoned(root).stream()
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .toList();
    } catch (IOException e) {
      throw Disk.fault("temporary files cannot be listed", directory, e);
    }
  }

  /**
   * Compares every record, model, checkpoint and tokenizer with its checksum.
   *
   * @return a message for each damaged or missing item
   */
  public List<String> verify() {
    Set<String> damaged = new TreeSet<>();
    for (String study : store.list(STUDIES)) {
      List<String> files = store.list(STUDIES + "/" + study);
      if (!files.contains("study.json") && !files.contains("texts")) {
        damaged.add(STUDIES + "/" + study + "/study.json is missing");
      }
      records
          .study(study, damaged::add)
          .ifPresent(record -> verifyReferences(record, damaged::add));
    }
    for (String run : store.list(RUNS)) {
      records.run(run, damaged::add).ifPresent(r -> verifyModel(run, r, damaged::add));
      verifyCheckpoints(run, damaged::add);
    }
    for (String run : store.list(MEASUREMENTS)) {
      for (String file : store.list(MEASUREMENTS + "/" + run)) {
        records.verifyMeasurement(run, file, damaged::add);
      }
    }
    for (String tokenizer : store.list(TOKENIZERS)) {
      if (!new KeptTokenizers(store).intact(TOKENIZERS + "/" + tokenizer)) {
        damaged.add(TOKENIZERS + "/" + tokenizer + " does not match its checksum");
      }
    }
    return List.copyOf(damaged);
  }

  private void verifyReferences(StudyRecord study, Consumer<String> damaged) {
    for (StudyRecord.Run run : study.runs()) {
      Optional<TrainedRun> trained = records.run(run.identity(), damaged);
      boolean measured = !store.list(MEASUREMENTS + "/" + run.identity()).isEmpty();
      if (trained.isEmpty() && measured) {
        damaged.accept(LabRecords.runFile(run.identity()) + " is missing");
      } else if (trained.isPresent() && trained.get().result().completed()) {
        Measurements found = records.measurements(run.identity(), study.measured(), damaged);
        if (!found.complete()) {
          damaged.accept("run " + run.identity() + " (" + run.key() + ") lacks a measurement");
        }
      }
    }
    study
        .tokenizerFile()
        .filter(name -> store.read(name).isEmpty())
        .ifPresent(name -> damaged.accept(name + " is missing"));
  }

  private void verifyModel(String run, TrainedRun trained, Consumer<String> damaged) {
    try {
      FileSum.verify(store.directory(RUNS + "/" + run + "/model"), trained.model());
    } catch (IOException e) {
      damaged.accept(RUNS + "/" + run + "/model: " + e.getMessage());
    }
  }

  private void verifyCheckpoints(String run, Consumer<String> damaged) {
    Path path = store.directory(RUNS + "/" + run);
    Checkpoints checkpoints = new Checkpoints(path, new Disk());
    try {
      for (Checkpoints.Checkpoint checkpoint : checkpoints.upTo(Long.MAX_VALUE)) {
        try {
          checkpoints.verify(checkpoint);
        } catch (IOException e) {
          damaged.accept(
              RUNS + "/" + run + "/checkpoints/step-" + checkpoint.step() + ": " + e.getMessage());
        }
      }
    } catch (IOException e) {
      damaged.accept(RUNS + "/" + run + "/checkpoints cannot be listed: " + e.getMessage());
    }
  }

  /**
   * Returns all measurements of a study as CSV. The first line is a header. Every further line
   * contains the measurement of one run on one domain or test, with a column for each metric. A
   * cell that does not apply is empty.
   *
   * @throws MixlawException if there is no such study
   */
  public String export(String study) {
    StudyRecord record = study(study);
    List<RunResult> runs = new ArrayList<>();
    record.runs().stream()
        .filter(r -> r.key().rateFactor() == 1)
        .forEach(r -> earlier(record, r.identity()).ifPresent(e -> runs.add(e.result(r.key()))));
    List<Metric> metrics =
        runs.stream()
            .flatMap(r -> r.measurements().stream().map(Measurement::metric))
            .distinct()
            .toList();
    List<String> lines = new ArrayList<>();
    lines.add(
        "study,mixture,model,seed,params,tokens,subject,"
            + metrics.stream().map(m -> csv(m.name()) + ",").collect(Collectors.joining())
            + "run");
    for (RunResult run : runs) {
      run.measurements().stream()
          .map(Measurement::subject)
          .distinct()
          .forEach(subject -> lines.add(line(study, run, subject, metrics)));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String line(String study, RunResult run, String subject, List<Metric> metrics) {
    Stream<String> values =
        metrics.stream()
            .map(m -> run.measurement(subject, m).map(x -> "" + x.value().value()).orElse(""));
    return Stream.of(
            Stream.of(csv(study), csv(run.key().mixture()), csv(run.key().model())),
            Stream.of(run.key().seed(), run.nonEmbeddingParameters(), run.tokens()),
            Stream.of(csv(subject)),
            values,
            Stream.of(run.identity()))
        .flatMap(cells -> cells)
        .map(Object::toString)
        .collect(Collectors.joining(","));
  }

  private static String csv(String cell) {
    return cell.matches("[^\",\\s]+") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  /**
   * Returns a line for each difference between two studies. Compares their settings, text, runs and
   * results.
   *
   * @throws MixlawException if there is no such study
   */
  public List<String> diff(String one, String other) {
    StudyRecord a = study(one);
    StudyRecord b = study(other);
    List<String> lines = new ArrayList<>();
    differ(lines, "", settings(a), settings(b));
    differ(lines, "run ", losses(a), losses(b));
    return lines;
  }

  private static Map<String, String> settings(StudyRecord study) {
    Map<String, String> settings = new TreeMap<>(study.provenance().settings());
    settings.put("engine", study.provenance().engine());
    settings.put("device", study.provenance().device());
    settings.put("tokenizer", study.provenance().tokenizer());
    study.provenance().corpora().forEach(c -> settings.put("corpus " + c.name(), c.fingerprint()));
    study.measured().forEach(m -> settings.put(m.kind() + " " + m.name(), m.identity()));
    return settings;
  }

  private Map<String, String> losses(StudyRecord study) {
    Map<String, String> losses = new TreeMap<>();
    for (StudyRecord.Run run : study.runs()) {
      String state = state(study, run.identity());
      losses.put(
          run.key().toString(),
          earlier(study, run.identity())
              .filter(e -> e.measured().complete())
              .map(
                  e ->
                      e.measured().all().stream()
                          .map(
                              m ->
                                  "%s on %s %s"
                                      .formatted(m.metric().name(), m.subject(), m.value().value()))
                          .collect(Collectors.joining(", ")))
              .orElse(state));
    }
    return losses;
  }

  private static void differ(
      List<String> lines, String kind, Map<String, String> one, Map<String, String> other) {
    Set<String> names = new TreeSet<>(one.keySet());
    names.addAll(other.keySet());
    for (String name : names) {
      String left = one.getOrDefault(name, "-");
      String right = other.getOrDefault(name, "-");
      if (!left.equals(right)) {
        lines.add(kind + name + ": " + left + " | " + right);
      }
    }
  }
}
