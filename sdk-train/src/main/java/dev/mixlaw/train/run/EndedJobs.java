package dev.mixlaw.train.run;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The jobs of a study that have ended, whether they completed, diverged or failed. Each ended job
 * is recorded as an empty file, so a worker finds all of them by listing one directory, without
 * reading their results. When the study is started, jobs that must be executed again are removed.
 */
final class EndedJobs {
  private final LabStore store;
  private final String folder;
  private final LongSupplier nanos;
  private final long fresh;
  private final Set<String> known = new HashSet<>();
  private long listedAt;
  private boolean listed;

  /**
   * Opens the jobs of a study. Reads nothing yet.
   *
   * @param digest digest of the study's plan
   * @param lease duration of the lease of a claim; see {@link JobClaims}
   * @param nanos clock in nanoseconds
   */
  EndedJobs(LabStore store, String study, String digest, Duration lease, LongSupplier nanos) {
    this.store = store;
    this.folder = folder(study) + "/" + digest.substring(0, 16);
    this.nanos = nanos;
    this.fresh = JobClaims.fresh(lease);
  }

  private static String folder(String study) {
    return "studies/" + study + "/ended";
  }

  /**
   * Returns whether a job has ended. May return false for a job that ended within the last sixtieth
   * of a lease.
   */
  synchronized boolean contains(String job) {
    if (!known.contains(job) && (!listed || nanos.getAsLong() - listedAt > fresh)) {
      listedAt = nanos.getAsLong();
      listed = true;
      known.addAll(store.list(folder));
    }
    return known.contains(job);
  }

  /** Returns whether a job is known to have ended, without reading from the store. */
  synchronized boolean isKnown(String job) {
    return known.contains(job);
  }

  void add(String job) {
    store.create(folder + "/" + job, new byte[0]);
    synchronized (this) {
      known.add(job);
    }
  }

  synchronized void removeAll(List<String> jobs) {
    for (String job : jobs) {
      if (contains(job)) {
        store.delete(folder + "/" + job);
        known.remove(job);
      }
    }
    listed = false; // Others may execute the jobs before they are looked up again.
  }

  /** Deletes the ended jobs of earlier versions of the study's plan. */
  void deleteOthers(String study) {
    for (String digest : store.list(folder(study))) {
      if (!folder.endsWith(digest)) {
        store.delete(folder(study) + "/" + digest);
      }
    }
  }

  synchronized int size() {
    return store.list(folder).size();
  }
}
