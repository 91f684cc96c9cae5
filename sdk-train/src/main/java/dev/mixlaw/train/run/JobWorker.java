package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.run.RunJob.Branch;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Claims a job and executes those of its runs that are not complete. */
final class JobWorker implements WorkerPool.Job {
  private final List<TrainingContext> devices;
  private final TrainingContext context;
  private final JobClaims claims;
  private final EndedJobs ended;
  private final boolean collecting;
  private final RunJob job;
  private final boolean late;
  private final BiConsumer<RunResult, Boolean> results;
  private final String identity;
  private final Set<Branch> reported = new HashSet<>();

  /**
   * Creates a worker.
   *
   * @param ended the jobs of the study that have ended
   * @param collecting whether the results of all runs are needed, also of those that other
   *     processes have completed
   * @param late whether the job is one of the last that start
   * @param results receives each run that has ended, and whether it was completed earlier
   */
  JobWorker(
      List<TrainingContext> devices,
      JobClaims claims,
      EndedJobs ended,
      boolean collecting,
      RunJob job,
      boolean late,
      BiConsumer<RunResult, Boolean> results) {
    this.devices = devices;
    this.context = devices.get(0);
    this.claims = claims;
    this.ended = ended;
    this.collecting = collecting;
    this.job = job;
    this.late = late;
    this.results = results;
    this.identity = context.identities().of(job);
  }

  @Override
  public int threads() {
    return context.layout().threads(job);
  }

  @Override
  public WorkerPool.Attempt run(int worker) {
    String name = name(context.identities(), job);
    if (!ended.isKnown(name)) {
      Optional<JobClaims.Claim> claim =
          claims.claim(identity, job.toString(), late, () -> ended.contains(name));
      if (claim.isPresent() && execute(claim.get(), devices.get(worker % devices.size()))) {
        ended.add(name); // The claim was released, so an ended job never has a claim.
        return WorkerPool.Attempt.EXECUTED;
      }
    }
    if (!ended.isKnown(name)) {
      return WorkerPool.Attempt.REFUSED;
    }
    if (collecting && !collect()) {
      ended.removeAll(List.of(name)); // a result has been deleted
      return WorkerPool.Attempt.REFUSED;
    }
    return WorkerPool.Attempt.ENDED;
  }

  /** Executes the job and releases it. Returns false if another worker has taken it over. */
  private boolean execute(JobClaims.Claim claim, TrainingContext device) {
    try (claim) {
      executeClaimed(claim, device);
      return true;
    } catch (JobClaims.LostException e) {
      return false;
    } catch (IOException | MixlawException e) {
      if (claim.lost()) {
        return false; // the new owner may have deleted files
      }
      throw e instanceof MixlawException problem
          ? problem
          : Disk.fault(job.toString(), context.directory(identity), (IOException) e);
    }
  }

  /** Returns the name of a job among the ended jobs. */
  static String name(RunIdentities identities, RunJob job) {
    return identities.of(job, job.last());
  }

  /**
   * Reports the stored results of all runs, which other processes have executed. Returns false if a
   * result is missing.
   */
  private boolean collect() {
    for (Branch branch : open(true)) {
      Optional<Earlier> stored = context.earlier().read(id(branch));
      if (stored.isEmpty()) {
        return false;
      }
      ended(branch, stored.get().result(branch.key()), true);
    }
    return true;
  }

  void reportSettled() {
    open(true);
  }

  /**
   * Returns the runs that are not complete, and reports each complete run once.
   *
   * @param known whether the state that was last read from the lab may be used
   */
  private List<Branch> open(boolean known) {
    List<Branch> open = new ArrayList<>();
    for (Branch branch : job.branches()) {
      Optional<Earlier> earlier =
          known ? context.earlier().of(id(branch)) : context.earlier().read(id(branch));
      if (earlier.isEmpty() || !earlier.get().settled()) {
        open.add(branch);
      } else if (!reported.contains(branch)) {
        ended(branch, earlier.get().result(branch.key()), true);
      }
    }
    return open;
  }

  private void ended(Branch branch, RunResult result, boolean earlier) {
    reported.add(branch);
    context.reached(identity, job.tokens(0, branch.branchStep()));
    context.reached(id(branch), job.tokens(branch.branchStep(), branch.steps()));
    results.accept(result, earlier);
  }

  private void executeClaimed(JobClaims.Claim claim, TrainingContext device) throws IOException {
    List<Branch> open = open(false); // another process may have completed some of the runs
    for (Branch branch : job.branches()) {
      if (!open.contains(branch)) {
        context.checkpoints(id(branch)).deleteAll(); // left by an interrupted start
      }
    }
    context.fetch(identity); // the files of a previous owner of the job
    for (Branch branch : open) {
      context.fetch(id(branch));
    }
    boolean[] failed = {false};
    RunJobTrainer trainer =
        new RunJobTrainer(
            device,
            job,
            claim::lost,
            (branch, result) -> {
              failed[0] |= result.failed();
              ended(branch, result, false);
            });
    if (context.settings().childJvms().isPresent()) {
      JobInChildJvm.execute(device, job, trainer, claim::lost, open);
    } else {
      trainer.execute(open);
    }
    Disk disk = context.settings().disk();
    if (failed[0]) {
      return; // The checkpoints are needed when the failed run is repeated.
    }
    if (context.settings().keepModels() && job.steps() > 0) {
      context.checkpoints(identity).deleteOthers();
      disk.delete(context.directory(identity).resolve(RunJobTrainer.METRICS));
    } else {
      disk.delete(context.directory(identity));
    }
  }

  private String id(Branch branch) {
    return context.identities().of(job, branch);
  }
}
