package dev.mixlaw.train.run;

import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The metrics of each step of a run, in {@code metrics.jsonl} with one line per step. The losses
 * are also kept in memory. Each checkpoint contains a copy of the file, so that the file of a
 * resumed run has exactly one line per step.
 */
final class MetricsLog implements AutoCloseable {
  private record Step(int step, double loss, double gradientNorm, double learningRate) {}

  private final Path file;
  private final BufferedWriter out;
  private double[] losses = new double[1024];
  private int steps;

  private MetricsLog(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  static MetricsLog create(Path file) throws IOException {
    return new MetricsLog(
        file,
        Files.newBufferedWriter(
            file,
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING));
  }

  static MetricsLog resume(Path copy, Path file, Disk disk) throws IOException {
    disk.replace(file, Files.readAllBytes(copy));
    MetricsLog metrics =
        new MetricsLog(
            file, Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    try (BufferedReader lines = Files.newBufferedReader(copy)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        try {
          byte[] json = line.getBytes(StandardCharsets.UTF_8);
          metrics.remember(JsonRecords.read(json, Step.class).loss());
        } catch (IOException e) {
          throw new IOException(copy + " line " + (metrics.steps + 1) + ": " + e.getMessage(), e);
        }
      }
    } catch (IOException e) {
      metrics.close();
      throw e;
    }
    return metrics;
  }

  void append(double loss, double gradientNorm, double learningRate) throws IOException {
    remember(loss);
    byte[] json = JsonRecords.compact(new Step(steps, loss, gradientNorm, learningRate));
    out.write(new String(json, StandardCharsets.UTF_8) + '\n');
  }

  private void remember(double loss) {
    if (steps == losses.length) {
      losses = Arrays.copyOf(losses, steps * 2);
    }
    losses[steps++] = loss;
  }

  int steps() {
    return steps;
  }

  /** Returns the loss of a step. Steps are counted from 0. */
  double loss(int step) {
    return losses[step];
  }

  /**
   * Returns the mean loss over the last tenth of the steps so far, or empty before the first step.
   */
  OptionalDouble recentLoss() {
    int count = Math.max(1, (steps + 5) / 10);
    return Arrays.stream(losses, Math.max(0, steps - count), steps).average();
  }

  /** Closes this log and returns a copy that continues in another file. */
  MetricsLog continueIn(Path other) throws IOException {
    close();
    Files.copy(file, other, StandardCopyOption.REPLACE_EXISTING);
    MetricsLog same =
        new MetricsLog(
            other,
            Files.newBufferedWriter(other, StandardCharsets.UTF_8, StandardOpenOption.APPEND));
    same.losses = losses;
    same.steps = steps;
    return same;
  }

  /** Atomically replaces a file with a copy of all lines so far. */
  void keep(Path copy, Disk disk) throws IOException {
    out.flush();
    disk.replace(copy, Files.readAllBytes(file));
  }

  /** Copies all lines so far to a new file, which the caller must force to disk. */
  void copyTo(Path copy) throws IOException {
    out.flush();
    Files.copy(file, copy);
  }

  /** Forces all lines so far to disk. */
  void sync(Disk disk) throws IOException {
    out.flush();
    disk.sync(file);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
