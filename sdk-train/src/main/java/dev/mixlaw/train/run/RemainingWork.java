package dev.mixlaw.train.run;

import dev.mixlaw.train.run.Checkpoints.Checkpoint;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Computes the remaining work of each job from its valid checkpoints.
 *
 * @param inLab identities of the runs and trunks for which the lab contains files
 * @param warnings receives a warning for each damaged checkpoint
 */
record RemainingWork(
    LabStore store,
    RunIdentities identities,
    Disk disk,
    Set<String> inLab,
    EarlierRuns earlier,
    StudyMeasurements measurements,
    List<String> warnings) {
  private static final int PARTS = 16;

  /**
   * The remaining work of a job.
   *
   * @param trainedTokens number of tokens on which the job still has to train
   * @param runs number of runs that have not been measured completely
   * @param measuredTokens number of tokens in all measurements that are missing
   */
  record Remaining(long trainedTokens, long runs, long measuredTokens) {}

  /** Returns the jobs sorted by work, longest first, so that no long job starts last. */
  static List<RunJob> longestFirst(Collection<RunJob> jobs) {
    return jobs.stream().sorted(Comparator.comparingDouble(job -> -work(job))).toList();
  }

  /**
   * Returns the jobs sorted by work, longest first, but in random order within each sixteenth of
   * the list, so that workers do not all try the same job.
   */
  static <J> List<J> longestFirst(Collection<J> jobs, ToDoubleFunction<J> work, Random random) {
    List<J> sorted = new ArrayList<>(jobs);
    sorted.sort(Comparator.comparingDouble(job -> -work.applyAsDouble(job)));
    for (int part = 0; part < PARTS; part++) {
      int size = sorted.size();
      Collections.shuffle(sorted.subList(size * part / PARTS, size * (part + 1) / PARTS), random);
    }
    return sorted;
  }

  /** Returns the last sixteenth of sorted jobs, which start when hardly any other job is left. */
  static <J> List<J> late(List<J> sorted) {
    return sorted.subList(sorted.size() - sorted.size() / PARTS, sorted.size());
  }

  /** Returns the number of floating-point operations of a job. */
  static double work(RunJob job) {
    return job.allTokens() * job.model().trainingFlopsPerToken(job.rows());
  }

  Remaining of(RunJob job) {
    long trained = 0;
    long runs = 0;
    long measured = 0;
    long trunkUpTo = 0;
    for (RunJob.Branch branch : job.branches()) {
      String identity = identities.of(job, branch);
      if (earlier.settled(identity)) {
        continue;
      }
      runs++;
      measured +=
          measurements.missingTokens(
              earlier
                  .of(identity)
                  .map(Earlier::measured)
                  .orElseGet(
                      () ->
                          inLab.contains(identity)
                              ? measurements.of(identity, damaged -> {})
                              : measurements.none()));
      if (earlier.trained(identity)) {
        continue;
      }
      long own = newest(identity, branch.steps(), job);
      if (own < 0) {
        trunkUpTo = branch.branchStep();
      }
      trained += job.tokens(Math.max(own, branch.branchStep()), branch.steps());
    }
    if (trunkUpTo > 0) {
      trained += job.tokens(Math.max(0, newest(identities.of(job), trunkUpTo, job)), trunkUpTo);
    }
    return new Remaining(trained, runs, measured);
  }

  /**
   * Returns the step of the newest valid checkpoint of a run or trunk, or -1 if there is none.
   *
   * @param upTo largest step that is considered
   */
  private long newest(String identity, long upTo, RunJob job) {
    if (!inLab.contains(identity)) {
      return -1;
    }
    Path directory = store.directory("runs/" + identity);
    Checkpoints checkpoints = new Checkpoints(directory, disk);
    try {
      for (Checkpoint candidate : checkpoints.upTo(upTo)) {
        try {
          checkpoints.verify(candidate);
          return candidate.step();
        } catch (IOException e) {
          warnings.add(
              "%s: the checkpoint at step %s is damaged (%s); training will continue from the previous checkpoint, or from the start"
                  .formatted(job, candidate.step(), e.getMessage()));
        }
      }
    } catch (IOException e) {
      throw Disk.fault(job + ": its checkpoints cannot be listed", directory, e);
    }
    return -1;
  }
}
