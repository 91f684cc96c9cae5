package dev.mixlaw.train.spark;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StageRunner;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * Trains the runs of studies on an Apache Spark cluster. Each task of a Spark job is a worker that
 * trains runs of the lab until no run is left, like {@link dev.mixlaw.api.Lab#work}. The lab's
 * directory must be on a file system that the driver and all executors share.
 *
 * <pre>{@code
 * try (var lab = Lab.in(Path.of("/shared/lab")).runner(new SparkStudyRunner(16)).open()) {
 *   Findings findings = lab.run(study);
 * }
 * }</pre>
 *
 * <p>The runner uses the {@link SparkContext} of this JVM. A worker trains on as many threads as
 * its task has cores ({@code spark.task.cpus}). The limits of the lab, such as its memory, are
 * those of each worker. The executors need this artifact and {@code mixlaw-mix}, {@code
 * mixlaw-eval} and the engine on their class path, and the lab must use the standard data preparer
 * and evaluator. The driver plans the study, for which it needs a device of the same kind as the
 * executors.
 *
 * <p>If a run fails, the failure is recorded, and the task continues. If an executor is lost, Spark
 * starts the worker again, and other workers continue its runs from their last checkpoints. Results
 * are bit-identical to those of one process. Listeners receive the results when all workers have
 * ended.
 */
public final class SparkStudyRunner implements StudyRunner {
  private final int workers;
  private final int gpus;
  private final @Nullable URI store;
  private final boolean preparing;

  /**
   * Creates a runner whose workers train on CPUs.
   *
   * @param workers number of workers, at least 1; if the cluster cannot run all of them at the same
   *     time, some workers start later
   * @throws IllegalArgumentException if the number is below 1
   */
  public SparkStudyRunner(int workers) {
    this(workers, 0, null, false);
  }

  private SparkStudyRunner(int workers, int gpus, @Nullable URI store, boolean preparing) {
    if (workers < 1) {
      throw new IllegalArgumentException("workers: " + workers + "; expected at least 1");
    }
    if (gpus < 0) {
      throw new IllegalArgumentException("GPUs per worker: " + gpus + "; expected at least 0");
    }
    this.workers = workers;
    this.gpus = gpus;
    this.store = store;
    this.preparing = preparing;
  }

  /**
   * Returns a runner whose workers train on GPUs, which Spark assigns. Each GPU is used by one
   * worker. The executors need GPUs ({@code spark.executor.resource.gpu.amount} and its discovery
   * script).
   *
   * @param number number of GPUs per worker; default: 0, so workers train on CPUs
   * @throws IllegalArgumentException if the number is negative
   */
  public SparkStudyRunner gpusPerWorker(int number) {
    return new SparkStudyRunner(workers, number, store, preparing);
  }

  /**
   * Returns a runner for a lab in a Hadoop file system. The driver and the executors then need no
   * shared directory. The driver and each executor keep a local cache of the lab. The cache of the
   * driver is in the directory of {@code Lab.in}.
   *
   * @param directory directory of the lab, such as {@code hdfs://host/labs/mine}. Each lab must
   *     have its own directory. The file system must support the exclusive creation of files, which
   *     {@code file:} does not.
   * @throws IllegalArgumentException if the URI has no scheme or the scheme {@code file:}
   */
  public SparkStudyRunner store(URI directory) {
    if (directory.getScheme() == null || directory.getScheme().equals("file")) {
      throw new IllegalArgumentException(
          "store: "
              + directory
              + "; expected a store such as hdfs: (or a shared Lab.in directory)");
    }
    return new SparkStudyRunner(workers, gpus, directory, preparing);
  }

  /**
   * Returns a runner that also prepares the corpora of studies on the cluster. The files of the
   * corpora are read, compared and tokenized in stages, with one task per file. All executors must
   * have the files under the same paths as the driver, for example on a shared file system, or
   * through a Java file system provider. The shards and the tokenizer are byte-identical to those
   * of one machine. The driver writes the shards, trains the tokenizer on its sample, counts the
   * words of samples, and reads the domains and those corpora whose documents come from the
   * application. By default, the driver prepares all corpora.
   */
  public SparkStudyRunner preparingCorpora() {
    return new SparkStudyRunner(workers, gpus, store, true);
  }

  @Override
  public StageRunner stages() {
    return preparing ? new SparkStages(context()) : StageRunner.LOCAL;
  }

  /** Sets the description of the Spark jobs that this thread submits next. */
  static void describe(JavaSparkContext context, String what) {
    context.setJobGroup("mixlaw-" + UUID.randomUUID(), "Mixlaw: " + what, true);
  }

  private static JavaSparkContext context() {
    return JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
  }

  private LabPlace place(Path lab) {
    return new LabPlace(
        lab.toAbsolutePath().toString(),
        store,
        new SerializableConfiguration(context().hadoopConfiguration()));
  }

  /** Returns the runner that the driver uses for everything except training. */
  private LocalStudyRunner driver(Path lab) {
    LocalStudyRunner local = new LocalStudyRunner();
    return store == null ? local : place(lab).runner(lab, local);
  }

  @Override
  public ModelSpec startingModel(Path checkpoint) {
    return new LocalStudyRunner().startingModel(checkpoint);
  }

  @Override
  public List<String> studies(Path lab) {
    return driver(lab).studies(lab);
  }

  @Override
  public Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
    return driver(lab).stored(lab, study, damaged);
  }

  @Override
  public TokenizerSpec tokenizer(Path lab, Study study, Consumer<String> damaged) {
    return driver(lab).tokenizer(lab, study, damaged);
  }

  @Override
  public PlannedStudy plan(
      Study study, PreparedData data, Path lab, DomainEvaluator evaluator, Resources resources) {
    PlannedStudy planned = driver(lab).plan(study, data, lab, evaluator, resources);
    return new PlannedStudy() {
      @Override
      public Plan plan() {
        return planned.plan();
      }

      @Override
      public void store(Provenance provenance) {
        planned.store(provenance);
      }

      @Override
      public List<RunResult> run(StudyListener listener) {
        work(lab, resources, listener);
        return planned.run(listener);
      }
    };
  }

  @Override
  public void work(
      Path lab,
      PreparedText text,
      DomainEvaluator evaluator,
      Resources resources,
      StudyListener listener) {
    work(lab, resources, listener);
  }

  private void work(Path lab, Resources resources, StudyListener listener) {
    JavaSparkContext context = context();
    check(context);
    JavaRDD<Integer> tasks =
        context.parallelize(IntStream.range(0, workers).boxed().toList(), workers);
    if (gpus > 0) {
      TaskResourceRequests requests =
          new TaskResourceRequests()
              .cpus(context.getConf().getInt("spark.task.cpus", 1))
              .resource("gpu", gpus);
      tasks = tasks.withResources(new ResourceProfileBuilder().require(requests).build());
    }
    SparkWorker worker =
        new SparkWorker(
            place(lab),
            gpus,
            resources.memoryBytes(),
            resources.strictReproduction(),
            resources.lease().toNanos());
    describe(context, "workers of lab " + lab);
    List<List<Problem>> ended = await(tasks.map(worker).collectAsync());
    List<Problem> problems = ended.stream().flatMap(List::stream).distinct().toList();
    if (ended.stream().noneMatch(List::isEmpty)) {
      throw new MixlawException(MixlawException.Kind.ENGINE, problems, null);
    }
    problems.forEach(p -> listener.on(new StudyEvent.Warned("a worker ended early: " + p)));
  }

  static <T> T await(JavaFutureAction<T> job) {
    try {
      return job.get();
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      Interrupts.check();
      throw new AssertionError(e); // the line above throws
    } catch (ExecutionException e) {
      throw MixlawException.engine(
          "Spark job",
          String.valueOf(e.getCause()),
          "tasks that end",
          "see the logs of the executors, and run the study again: finished work is kept",
          e);
    }
  }

  private void check(JavaSparkContext context) {
    SparkConf conf = context.getConf();
    if (conf.getBoolean("spark.speculation", false)) {
      throw unsuitable(
          "spark.speculation",
          "true",
          "false, because a copy of a worker waits for the worker itself",
          "set spark.speculation to false");
    }
    if (gpus > 0) {
      checkGpus(context, conf);
    }
  }

  private void checkGpus(JavaSparkContext context, SparkConf conf) {
    if (conf.get("spark.master").matches("local(\\[.*])?")) {
      throw unsuitable(
          "spark.master",
          conf.get("spark.master"),
          "a cluster, because Spark schedules no GPUs in local mode",
          "use Lab.run without this runner, or a standalone master");
    }
    int each = conf.getInt("spark.executor.resource.gpu.amount", 0) / gpus;
    if (each == 0) {
      throw unsuitable(
          "spark.executor.resource.gpu.amount",
          conf.get("spark.executor.resource.gpu.amount", "not set"),
          "at least " + gpus,
          "set it and spark.executor.resource.gpu.discoveryScript, or use fewer GPUs per worker");
    }
    boolean dynamic = conf.getBoolean("spark.dynamicAllocation.enabled", false);
    long have =
        dynamic
            ? (long) each * conf.getInt("spark.dynamicAllocation.maxExecutors", Integer.MAX_VALUE)
            : gpuSlots(context, conf, each);
    if (have < workers) {
      throw unsuitable(
          "GPUs of the cluster",
          "enough for " + have + " workers with " + gpus + " each",
          "enough for " + workers + " workers",
          "use fewer workers, or more executors");
    }
  }

  /** Waits for executors to start, and returns the number of workers for which they have GPUs. */
  private long gpuSlots(JavaSparkContext context, SparkConf conf, int each) {
    long start = System.nanoTime();
    long patience =
        1_000_000_000L
            * conf.getTimeAsSeconds("spark.scheduler.maxRegisteredResourcesWaitingTime", "30s");
    while (true) {
      int executors = context.statusTracker().getExecutorInfos().length - 1; // without the driver
      if ((long) executors * each >= workers || System.nanoTime() - start > patience) {
        return (long) executors * each;
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        Interrupts.check();
      }
    }
  }

  private static MixlawException unsuitable(
      String subject, String actual, String expected, String fix) {
    return MixlawException.engine(subject, actual, expected, fix);
  }
}
