package dev.mixlaw.train.run;

import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.train.run.Checkpoints.Checkpoint;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Computes the remaining work of each job from its valid checkpoints. */
final class RemainingWork {
  private final RunStore store;
  private final RunIdentities identities;
  private final Disk disk;
  private final Map<String, RunResult> earlier;
  private final boolean started;
  private final List<String> warnings = new ArrayList<>();

  RemainingWork(
      RunStore store, RunIdentities identities, Disk disk, Map<String, RunResult> earlier) {
    this.store = store;
    this.identities = identities;
    this.disk = disk;
    this.earlier = earlier;
    this.started = store.frozen("engine").isPresent();
  }

  /**
   * The remaining work of a job.
   *
   * @param tokens to train on
   * @param runs to measure
   */
  record Remaining(long tokens, long runs) {}

  /** Returns the jobs by descending work, so that no long job starts last. */
  static List<RunJob> longestFirst(List<RunJob> jobs) {
    Comparator<RunJob> byWork =
        Comparator.comparingDouble(
            t -> t.allTokens() * t.model().trainingFlopsPerToken(t.rows()));
    return jobs.stream().sorted(byWork.reversed()).toList();
  }

  Remaining of(RunJob job) {
    long tokens = 0;
    long runs = 0;
    long trunkUpTo = 0;
    for (RunJob.Branch branch : job.branches()) {
      String identity = identities.of(job, branch);
      if (RunResults.settled(earlier.get(identity))) {
        continue;
      }
      runs++;
      long own = newest(identity, branch.steps(), job);
      if (own < 0) {
        trunkUpTo = branch.branchStep();
      }
      tokens += job.tokens(Math.max(own, branch.branchStep()), branch.steps());
    }
    if (trunkUpTo > 0) {
      tokens += job.tokens(Math.max(0, newest(identities.of(job), trunkUpTo, job)), trunkUpTo);
    }
    return new Remaining(tokens, runs);
  }

  /** Returns the step of the newest valid checkpoint, or -1 if there is none. */
  private long newest(String identity, long upTo, RunJob job) {
    if (!started) {
      return -1;
    }
    Path directory = store.directory(identity);
    Checkpoints checkpoints = new Checkpoints(directory, disk);
    try {
      for (Checkpoint candidate : checkpoints.upTo(upTo)) {
        try {
          checkpoints.verify(candidate);
          return candidate.step();
        } catch (IOException e) {
          warnings.add(
              job
                  + ": the checkpoint at step "
                  + candidate.step()
                  + " is damaged ("
                  + e.getMessage()
                  + "); training continues from the previous one, or from the start");
        }
      }
    } catch (IOException e) {
      throw Disk.fault(job + ": its checkpoints cannot be listed", directory, e);
    }
    return -1;
  }

  /** Returns warnings about damaged checkpoints. */
  List<String> warnings() {
    return warnings;
  }
}
