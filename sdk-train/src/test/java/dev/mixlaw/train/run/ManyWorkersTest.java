package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.storage.Disk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Simulates hundreds of workers that claim and end jobs in a store with latency, on a simulated
 * clock. Some workers are slow, and some die. The code for claims, ended jobs and the worker pool
 * is not simulated.
 */
class ManyWorkersTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long LATENCY = SECOND / 10;
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final long BEAT = LEASE.toNanos() / 9; // a third of the lease of a late job
  private static final long CHECKPOINT = 30 * SECOND;
  private static final byte[] RECORD = "{}".getBytes(StandardCharsets.UTF_8);

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aFewWorkers(long seed) throws InterruptedException {
    Figures figures = simulate(500, 16, seed);

    assertThat(figures.busy).as("%s", figures).isGreaterThan(0.95);
    assertThat(figures.busyToTheEnd).as("%s", figures).isGreaterThan(0.92);
    assertThat(figures.operationsPerJob).as("%s", figures).isLessThan(18.5);
    assertThat(figures.deaths).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  @Tag("long")
  void tenThousandJobsOnFiveHundredWorkers(long seed) throws InterruptedException {
    Figures figures = simulate(10_000, 512, seed);

    assertThat(figures.busy).as("%s", figures).isGreaterThan(0.95);
    assertThat(figures.busyToTheEnd).as("%s", figures).isGreaterThan(0.91);
    assertThat(figures.operationsPerJob).as("%s", figures).isLessThan(20);
    System.out.println(figures); // for BENCHMARKS.md
  }

  /** The simulation uses the store as often as a real worker does for a job with one domain. */
  @Test
  void aSimulatedJobUsesTheStoreAsARealOneDoes(@TempDir Path directory)
      throws InterruptedException {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.only(run -> run.equals(lab.study.runs().get(0)));
    lab.data.domains = List.of("prose");
    RecordingStore store = new RecordingStore(directory, lab.disk);
    StudyExecution study =
        new StudyExecution(
            lab.study,
            lab.data,
            store,
            lab.evaluator,
            lab.resources(),
            RunSettings.of(lab.disk, lab.checkpoints, true),
            false);
    store.operations.clear();
    try (JobClaims claims = new JobClaims(store, LEASE, System::nanoTime, new Random(1))) {
      assertThat(study.work(claims, new ProgressReporter(lab.listener, 0), Optional.empty()))
          .isTrue();
    }
    Simulation simulation = new Simulation(1, 1);
    simulation.clock.run(List.of(() -> simulation.work(simulation::claimJobs)));

    assertThat(lab.engine.steps).hasPositiveValue();
    assertThat(store.operations).hasSize(9);
    assertThat(simulation.store.operations)
        .filteredOn(operation -> !operation.equals("overwrite claims")) // heartbeats
        .isEqualTo(store.operations);
  }

  /** A store in a directory that records its operations. */
  private static final class RecordingStore extends LabStore {
    private final List<String> operations = new ArrayList<>();

    RecordingStore(Path directory, Disk disk) {
      super(directory, disk);
    }

    static String operation(String what, String name) {
      return what + " " + (name.contains("/ended/") ? "ended" : name.split("/")[0]);
    }

    @Override
    Optional<byte[]> read(String file) {
      operations.add(operation("read", file));
      return super.read(file);
    }

    @Override
    void write(String file, byte[] content) {
      operations.add(operation("write", file));
      super.write(file, content);
    }

    @Override
    boolean overwrite(String file, byte[] content) {
      operations.add(operation("overwrite", file));
      return super.overwrite(file, content);
    }

    @Override
    boolean create(String file, byte[] content) {
      operations.add(operation("create", file));
      return super.create(file, content);
    }

    @Override
    boolean reserve(String file, byte[] content) {
      operations.add(operation("create", file));
      return super.reserve(file, content);
    }

    @Override
    List<String> list(String folder) {
      operations.add(operation("list", folder));
      return super.list(folder);
    }

    @Override
    void delete(String file) {
      operations.add(operation("delete", file));
      super.delete(file);
    }
  }

  /**
   * The lab contains all results but one. The worker must find the missing run without reading the
   * others.
   */
  @Test
  void aWorkerFindsTheMissingRun(@TempDir Path directory) {
    planWorkAndCollect(directory, 50);
  }

  @Test
  @Tag("long")
  void tenThousandJobsArePlannedAndCollected(@TempDir Path directory) {
    planWorkAndCollect(directory, 10_000);
  }

  private static void planWorkAndCollect(Path directory, int jobs) {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.seeds(jobs / 2);
    lab.study = lab.study.only(run -> run.budget().count() == 640);
    long start = System.nanoTime();
    Plan plan = lab.plan();
    long planned = System.nanoTime();
    assertThat(plan.newRuns()).isEqualTo(jobs);
    lab.submit();
    TestLab one = new TestLab(directory.resolve("one"));
    RunResult template = one.run().get(0);
    LabRecords records = new LabRecords(lab.store());
    List<Measured> measured = records.study("small", damaged -> {}).orElseThrow().measured();
    EndedJobs ended = new EndedJobs(lab.store(), "small", plan.digest(), LEASE, System::nanoTime);
    for (PlannedRun run : plan.runs().subList(1, jobs)) {
      records.save(new TrainedRun(copy(template, run), one.engine.device(), List.of()));
      for (Measured on : measured) {
        records.save(
            run.identity(),
            on,
            template.measurements().stream().filter(m -> m.subject().equals(on.name())).toList());
      }
      ended.add(run.identity());
    }

    long worked = System.nanoTime();
    lab.work();
    long collected = System.nanoTime();
    assertThat(lab.stored().runs()).hasSize(jobs);
    long end = System.nanoTime();

    assertThat(lab.engine.steps).as("steps of one run").hasValue(10);
    assertThat(lab.plan().runs()).allMatch(PlannedRun::done);
    System.out.printf(
        "%d jobs: planned in %.1f s, last job in %.1f s, collected in %.1f s%n",
        jobs, (planned - start) / 1e9, (collected - worked) / 1e9, (end - collected) / 1e9);
  }

  private static RunResult copy(RunResult r, PlannedRun as) {
    return TestLab.copy(r, as.key(), as.identity(), List.of(), r.seconds());
  }

  /**
   * Results of a simulation.
   *
   * @param busy fraction of the workers' time that is spent on training, until the last job is
   *     claimed
   * @param busyToTheEnd fraction of the workers' time that is spent on training, until the last job
   *     has ended
   * @param perfect {@code busyToTheEnd} for an ideal scheduler, which knows the state of all jobs
   *     without latency, and always starts the job with the most remaining work
   * @param operationsPerJob number of operations on the store per job
   * @param deaths number of workers that died
   * @param seconds simulated time in seconds
   */
  private record Figures(
      double busy,
      double busyToTheEnd,
      double perfect,
      double operationsPerJob,
      int deaths,
      double seconds) {}

  private static Figures simulate(int jobs, int workers, long seed) throws InterruptedException {
    Simulation perfect = new Simulation(jobs, seed);
    perfect.clock.run(Collections.nCopies(workers, () -> perfect.work(perfect::takeLongest)));
    Simulation simulation = new Simulation(jobs, seed);
    simulation.clock.run(
        Collections.nCopies(workers, () -> simulation.work(simulation::claimJobs)));
    return simulation.figures(workers, perfect);
  }

  /**
   * Simulates time. Only one thread runs at a time, namely the one with the earliest time to wake
   * up.
   */
  private static final class Clock {
    private record Sleeper(long until, long order, Semaphore wake) {}

    private final PriorityQueue<Sleeper> sleepers =
        new PriorityQueue<>(
            Comparator.comparingLong(Sleeper::until).thenComparingLong(Sleeper::order));
    private final CountDownLatch end = new CountDownLatch(1);
    private long now;
    private long order;

    long nanos() {
      return now;
    }

    void sleep(long nanos) {
      Sleeper me = sleeper(nanos);
      wakeFirst();
      me.wake.acquireUninterruptibly();
    }

    private Sleeper sleeper(long nanos) {
      Sleeper sleeper = new Sleeper(now + nanos, order++, new Semaphore(0));
      sleepers.add(sleeper);
      return sleeper;
    }

    private void wakeFirst() {
      Sleeper first = sleepers.remove();
      now = first.until;
      first.wake.release();
    }

    void run(List<Runnable> actors) throws InterruptedException {
      for (Runnable actor : actors) {
        Sleeper start = sleeper(0);
        Thread thread =
            new Thread(
                () -> {
                  start.wake.acquireUninterruptibly();
                  actor.run();
                  if (sleepers.isEmpty()) {
                    end.countDown();
                  } else {
                    wakeFirst();
                  }
                });
        thread.setDaemon(true);
        thread.start();
      }
      wakeFirst();
      end.await();
    }
  }

  private static final class Store extends LabStore {
    private final Clock clock;
    private final Map<String, TreeMap<String, byte[]>> folders = new HashMap<>();
    private final List<String> operations = new ArrayList<>();

    Store(Clock clock) {
      super(Path.of("simulated"), new Disk());
      this.clock = clock;
    }

    /** Records an operation, waits for the latency, and returns the files of a folder. */
    private TreeMap<String, byte[]> folder(String operation, String folder) {
      operations.add(RecordingStore.operation(operation, folder + "/"));
      clock.sleep(LATENCY);
      return folders.computeIfAbsent(folder, f -> new TreeMap<>());
    }

    private TreeMap<String, byte[]> folderOf(String operation, String file) {
      return folder(operation, file.substring(0, file.lastIndexOf('/')));
    }

    private static String name(String file) {
      return file.substring(file.lastIndexOf('/') + 1);
    }

    @Override
    Optional<byte[]> read(String file) {
      return Optional.ofNullable(folderOf("read", file).get(name(file)));
    }

    @Override
    void write(String file, byte[] content) {
      folderOf("write", file).put(name(file), content);
    }

    @Override
    boolean overwrite(String file, byte[] content) {
      return folderOf("overwrite", file).replace(name(file), content) != null;
    }

    @Override
    boolean create(String file, byte[] content) {
      return folderOf("create", file).putIfAbsent(name(file), content) == null;
    }

    @Override
    boolean reserve(String file, byte[] content) {
      return create(file, content);
    }

    @Override
    List<String> list(String folder) {
      return List.copyOf(folder("list", folder).keySet());
    }

    @Override
    void delete(String file) {
      folderOf("delete", file).remove(name(file));
    }
  }

  /** Thrown in a worker that dies. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  @FunctionalInterface
  private interface Process {
    /** Executes jobs until all have ended, or until the process dies. */
    void run(double slowness, long dies);
  }

  private static final class Simulation {
    private final Clock clock = new Clock();
    private final Store store = new Store(clock);
    private final Random random;
    private final Random fate; // decides which processes are slow, and when they die
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, Long> remaining = new HashMap<>();
    private final Map<String, Long> claimedBy = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private long lastClaim;
    private long trained;
    private long trainedAfterLastClaim;
    private int deaths;
    private final int jobs;

    Simulation(int jobs, long seed) {
      this.random = new Random(seed);
      this.fate = new Random(-seed);
      this.jobs = jobs;
      for (int i = 0; i < jobs; i++) {
        double seconds = 60 + 60 * Math.exp(random.nextGaussian() / 2);
        sizes.put("job" + i, (long) (seconds * SECOND));
      }
      remaining.putAll(sizes);
    }

    /** Runs a worker. If it dies, another one replaces it after a minute. */
    void work(Process process) {
      boolean ended = false;
      while (!ended) {
        try {
          double slowness = fate.nextInt(20) == 0 ? 2 : 1;
          double lives = -Math.log(fate.nextDouble()) * 7200;
          process.run(slowness, clock.nanos() + (long) (lives * SECOND));
          ended = true;
        } catch (Death e) {
          deaths++;
          clock.sleep(60 * SECOND);
        }
      }
    }

    /**
     * Executes jobs like a worker of the ideal scheduler, which always chooses the most remaining
     * work.
     */
    private void takeLongest(double slowness, long dies) {
      while (remaining.values().stream().anyMatch(left -> left > 0)) {
        Optional<String> longest =
            remaining.keySet().stream()
                .filter(job -> remaining.get(job) > 0 && !taken.contains(job))
                .max(Comparator.comparingLong(remaining::get));
        if (longest.isEmpty()) {
          clock.sleep(SECOND);
        } else {
          taken.add(longest.get());
          try {
            train(longest.get(), () -> false, () -> {}, slowness, dies);
          } finally {
            taken.remove(longest.get());
          }
        }
      }
    }

    private void claimJobs(double slowness, long dies) {
      JobClaims claims = new JobClaims(store, LEASE, clock::nanos, random);
      EndedJobs ended = new EndedJobs(store, "study", "0123456789abcdef", LEASE, clock::nanos);
      List<String> order = RemainingWork.longestFirst(sizes.keySet(), sizes::get, random);
      Set<String> late = Set.copyOf(RemainingWork.late(order));
      List<WorkerPool.Job> left = new ArrayList<>();
      for (String job : order) {
        left.add(
            new WorkerPool.Job() {
              @Override
              public int threads() {
                return 1;
              }

              @Override
              public WorkerPool.Attempt run(int worker) {
                return runJob(job, late.contains(job), claims, ended, slowness, dies);
              }
            });
      }
      for (int times = 0; !left.isEmpty(); times++) {
        left = WorkerPool.run(1, 1, left, new StopSignal());
        if (!left.isEmpty()) {
          clock.sleep(WorkerPool.pauseMillis(times) * SECOND / 1000);
        }
      }
    }

    /** Performs the same operations on the store as a {@link JobWorker}. */
    private WorkerPool.Attempt runJob(
        String job, boolean late, JobClaims claims, EndedJobs ended, double slowness, long dies) {
      Optional<JobClaims.Claim> claim =
          ended.isKnown(job)
              ? Optional.empty()
              : claims.claim(job, job, late, () -> ended.contains(job));
      if (claim.isEmpty()) {
        return ended.isKnown(job) ? WorkerPool.Attempt.ENDED : WorkerPool.Attempt.REFUSED;
      }
      if (claimedBy.putIfAbsent(job, clock.nanos()) == null) {
        lastClaim = clock.nanos();
        trainedAfterLastClaim = 0;
      }
      if (store.read("runs/" + job).isEmpty()) {
        train(job, claim.get()::lost, claims::beatAll, slowness, dies);
        if (claim.get().lost()) {
          return WorkerPool.Attempt.REFUSED;
        }
        assertThat(store.create("runs/" + job, RECORD)).as("published once").isTrue();
        store.create("measurements/" + job, RECORD);
      }
      claim.get().close();
      ended.add(job);
      return WorkerPool.Attempt.EXECUTED;
    }

    private void train(
        String job, BooleanSupplier lost, Runnable beat, double slowness, long dies) {
      long sinceBeat = 0;
      long sinceCheckpoint = 0;
      while (remaining.get(job) > 0 && !lost.getAsBoolean()) {
        long slice = Math.min(remaining.get(job), BEAT);
        clock.sleep((long) (slice * slowness));
        trained += (long) (slice * slowness);
        trainedAfterLastClaim += (long) (slice * slowness);
        remaining.merge(job, -slice, Long::sum);
        sinceCheckpoint = sinceCheckpoint >= CHECKPOINT ? slice : sinceCheckpoint + slice;
        sinceBeat += (long) (slice * slowness);
        if (clock.nanos() > dies) {
          remaining.merge(job, sinceCheckpoint, Long::sum);
          throw new Death();
        }
        if (sinceBeat >= BEAT) {
          sinceBeat = 0;
          beat.run();
        }
      }
    }

    Figures figures(int workers, Simulation perfect) {
      assertThat(remaining.values()).as("all jobs are trained").allMatch(left -> left <= 0);
      assertThat(store.folders.get("claims")).isEmpty();
      return new Figures(
          (double) (trained - trainedAfterLastClaim) / workers / lastClaim,
          busyToTheEnd(workers),
          perfect.busyToTheEnd(workers),
          (double) store.operations.size() / jobs,
          deaths,
          (double) clock.nanos() / SECOND);
    }

    private double busyToTheEnd(int workers) {
      return (double) trained / workers / clock.nanos();
    }
  }
}
