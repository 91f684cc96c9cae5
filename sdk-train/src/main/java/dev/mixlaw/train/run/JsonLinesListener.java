package dev.mixlaw.train.run;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Appends the events of a study to a file, as one JSON object per line. A script can pass them on
 * to an experiment tracker.
 *
 * <p>Each line has {@code time} and {@code event}: {@code preparing}, {@code planned}, {@code
 * started}, {@code stepped}, {@code measured}, {@code finished} or {@code warned}. Events of a run
 * have {@code mixture}, {@code model}, {@code seed}, {@code budget} in tokens and {@code
 * rate_factor}. The event {@code planned} has the {@code study}, {@code engine}, {@code device},
 * number of {@code runs}, {@code trained_tokens}, {@code remaining_tokens} and {@code digest} of
 * the plan. The event {@code finished} has the {@code identity}, {@code outcome} and {@code
 * seconds} of the run, whether it was completed {@code earlier}, and a value for each measurement.
 * The other keys are the names of the record components in {@link StudyEvent}, in {@code
 * snake_case}. If the process is killed, the last line may be incomplete.
 */
public final class JsonLinesListener implements StudyListener, AutoCloseable {
  private final OutputStream out;

  /**
   * Opens a file. Events are appended if it exists.
   *
   * @throws UncheckedIOException if the file cannot be written
   */
  public JsonLinesListener(Path file) {
    try {
      boolean incomplete = lacksLineEnd(file);
      this.out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      if (incomplete) {
        out.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether a killed process has left an incomplete last line. */
  private static boolean lacksLineEnd(Path file) throws IOException {
    if (Files.notExists(file) || Files.size(file) == 0) {
      return false;
    }
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      in.seek(in.length() - 1);
      return in.read() != '\n';
    }
  }

  /**
   * Writes an event.
   *
   * @throws UncheckedIOException if the event cannot be written
   */
  @Override
  public void on(StudyEvent event) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", Instant.now().toString());
    line.put("event", event.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    add(line, event);
    try {
      out.write(JsonRecords.compact(line));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void add(Map<String, Object> line, RunKey run) {
    line.put("mixture", run.mixture());
    line.put("model", run.model());
    line.put("seed", run.seed());
    line.put("budget", run.budget().count());
    line.put("rate_factor", run.rateFactor());
  }

  private static void add(Map<String, Object> line, StudyEvent event) {
    if (event instanceof StudyEvent.Preparing e) {
      line.put("stage", e.stage());
      line.put("done", e.done());
      line.put("total", e.total());
    } else if (event instanceof StudyEvent.Planned e) {
      Plan plan = e.plan();
      line.put("study", plan.study());
      line.put("engine", plan.engine());
      line.put("device", plan.device());
      line.put("runs", plan.runs().size());
      line.put("trained_tokens", plan.trainedTokens());
      line.put("remaining_tokens", plan.remainingTokens());
      line.put("digest", plan.digest());
    } else if (event instanceof StudyEvent.Started e) {
      add(line, e.run());
    } else if (event instanceof StudyEvent.Stepped e) {
      add(line, e.run());
      line.put("step", e.step());
      line.put("steps", e.steps());
      line.put("loss", e.loss());
      line.put("gradient_norm", e.gradientNorm());
      line.put("learning_rate", e.learningRate());
      line.put("tokens_per_second", e.tokensPerSecond());
      line.put("study_tokens", e.studyTokens());
      line.put("study_total", e.studyTotal());
    } else if (event instanceof StudyEvent.Measured e) {
      add(line, e.run());
      line.put("name", e.name());
      line.put("value", e.value());
    } else if (event instanceof StudyEvent.Finished e) {
      add(line, e.result().key());
      line.put("identity", e.result().identity());
      line.put("outcome", e.result().outcome());
      line.put("seconds", e.result().seconds());
      line.put("earlier", e.earlier());
      for (Measurement m : e.result().measurements()) {
        line.put(m.subject() + " " + m.metric().name(), m.value().value());
      }
    } else if (event instanceof StudyEvent.Warned e) {
      line.put("warning", e.warning());
    }
  }

  /** Closes the file. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
