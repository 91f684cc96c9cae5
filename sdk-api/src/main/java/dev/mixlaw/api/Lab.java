package dev.mixlaw.api;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.TrainingEngine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A directory of training runs, in which studies and rounds are planned and run. Studies share
 * their runs: a lab trains and measures only what no study in its directory has trained or measured
 * before. A study can therefore be extended with mixtures, models, seeds, budgets, domains or
 * tests. A trained tokenizer does not change when its study is extended.
 *
 * <p>A study can be stopped at any time, even by killing the process. A stopped study resumes when
 * it is run again. Several labs, also in different processes, can use the same directory at the
 * same time; see {@link #submit} and {@link #work} for many machines. Before training, a lab
 * compares the words in mixtures and domains if its {@linkplain Builder#preparer preparer} supports
 * this.
 *
 * <p>A lab needs {@code mixlaw-mix}, {@code mixlaw-train} and {@code mixlaw-eval} on the class
 * path. A lab runs one study at a time. Another thread may call {@link #close}.
 */
public final class Lab implements AutoCloseable {
  private final Path directory;
  private final StudyRunner.Resources resources;
  private final Ports ports;
  private final boolean comparingWords;
  private final long analysisSeed;
  private final Map<Study, PreparedData> prepared = new LinkedHashMap<>();
  private final List<BackgroundTask<?>> running = new ArrayList<>();

  private Lab(Builder b) {
    this.directory = b.directory;
    this.resources =
        new StudyRunner.Resources(
            b.engine, b.threads, b.threadsPerRun, b.memoryBytes, b.strictReproduction, b.lease);
    this.ports = new Ports(b.ports);
    this.comparingWords = b.comparingWords;
    this.analysisSeed = b.analysisSeed;
  }

  /**
   * Opens a lab with default settings.
   *
   * @param directory directory in which the runs are stored; it is created when it is first needed
   */
  public static Lab open(Path directory) {
    return in(directory).open();
  }

  /**
   * Returns a builder for a lab with other settings.
   *
   * @param directory directory in which the runs are stored; it is created when it is first needed
   */
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /**
   * Prepares the text of a study and returns the plan of the study. Trains nothing.
   *
   * @throws MixlawException if there are problems; the exception lists all of them
   */
  public Plan plan(Study study) {
    return plan(study, StudyListener.none());
  }

  /**
   * Prepares the text of a study and returns the plan of the study. Trains nothing.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException if there are problems; the exception lists all of them
   */
  public Plan plan(Study study, StudyListener listener) {
    Study whole = withStartingModel(study);
    PreparedData data = prepare(whole, listener);
    return complete(whole, planned(whole, data).plan(), data);
  }

  /**
   * Prepares the training text of a study and returns the size of each corpus. The mixtures of the
   * study may still be changed afterwards.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException if there are problems; the exception lists all of them
   */
  public List<TextFacts> text(Study study, StudyListener listener) {
    return prepare(withStartingModel(study), listener).corpora().stream()
        .map(TokenizedText::facts)
        .toList();
  }

  /**
   * Trains and measures all runs of a study that are not done yet, and returns the findings of the
   * whole study. If primary questions have {@linkplain dev.mixlaw.api.results.Question#until
   * stopping rules}, adds seeds until these are met. Interrupting the calling thread stops the
   * study in any phase. Finished work is kept.
   *
   * @param listeners receive all events, in another thread
   * @throws MixlawException if there are problems; the exception lists all of them, and nothing is
   *     trained
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted or the
   *     lab is closed; the interrupt status of the thread remains set
   */
  public Findings run(Study study, StudyListener... listeners) {
    return start(study, listeners).await();
  }

  /**
   * Starts a study in the background. Closing the lab cancels it.
   *
   * @param listeners receive all events, in another thread
   */
  public StudyHandle start(Study study, StudyListener... listeners) {
    return new StudyHandle(background("study", listeners, listener -> findings(study, listener)));
  }

  private <T> BackgroundTask<T> background(
      String name, StudyListener[] listeners, Function<StudyListener, T> work) {
    synchronized (running) {
      running.removeIf(BackgroundTask::isDone);
      BackgroundTask<T> task = new BackgroundTask<>(name, List.of(listeners), work);
      running.add(task);
      return task;
    }
  }

  private Analyst analyst() {
    return ports.get(Analyst.class).withSeed(analysisSeed);
  }

  private Findings findings(Study study, StudyListener listener) {
    Findings found =
        stored(
            study,
            listener,
            (provenance, planned) -> {
              List<RunResult> runs = planned.run(listener);
              Interrupts.check();
              return analyst().analyze(provenance, runs);
            });
    Set<RunKey> more =
        StoppingRules.next(
            study.questions(), found, r -> listener.on(new StudyEvent.Warned(r.toString())));
    return study.runs().containsAll(more) ? found : findings(study.runs(more), listener);
  }

  /**
   * Plans a study and stores its description in the lab. Then calls a function with the description
   * and the planned study, and returns its result.
   */
  private <T> T stored(
      Study described,
      StudyListener listener,
      BiFunction<Provenance, StudyRunner.PlannedStudy, T> then) {
    Study study = withStartingModel(described);
    PreparedData data = prepare(study, listener);
    StudyRunner.PlannedStudy planned = planned(study, data);
    Plan plan = planned.plan();
    listener.on(new StudyEvent.Planned(complete(study, plan, data)));
    Provenance provenance = withWords(provenance(study, data, plan), data, listener);
    planned.store(provenance);
    return then.apply(provenance, planned);
  }

  /**
   * Prepares the text of a study and stores the study in the lab. Trains nothing. {@link #work}
   * then trains its runs, in this process or in others, and {@link #run} or {@link
   * #findings(String)} returns the findings.
   *
   * @param listeners receive all events, in another thread
   * @throws MixlawException if there are problems; the exception lists all of them
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted or the
   *     lab is closed; the interrupt status of the thread remains set
   */
  public void submit(Study study, StudyListener... listeners) {
    this.<Boolean>background(
            "study", listeners, listener -> stored(study, listener, (provenance, planned) -> true))
        .await();
  }

  /**
   * Trains and measures runs of the studies that were submitted or started in this lab, together
   * with all other processes that work in its directory. Needs neither the corpora nor the
   * description of a study. Returns when no job is left, which includes the jobs of other
   * processes: if one of them dies, its job is continued here after a {@linkplain Builder#lease
   * lease}. A run that has failed is tried again only after the study is submitted or run again.
   *
   * @param listeners receive all events, in another thread
   * @throws MixlawException if a study cannot be continued here, for example because its engine is
   *     missing; the other studies have then been continued
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted or the
   *     lab is closed; the interrupt status of the thread remains set
   */
  public void work(StudyListener... listeners) {
    this.<Boolean>background("worker", listeners, this::work).await();
  }

  private boolean work(StudyListener listener) {
    DataPreparer preparer = ports.get(DataPreparer.class);
    List<PreparedData> opened = new ArrayList<>();
    try {
      ports
          .get(StudyRunner.class)
          .work(
              directory,
              (tokenizer, corpora, domains) -> {
                opened.add(
                    preparer.open(
                        tokenizer, corpora, domains, directory.resolve(DataPreparer.DIRECTORY)));
                return opened.get(opened.size() - 1);
              },
              ports.get(DomainEvaluator.class),
              resources,
              listener);
      return true;
    } finally {
      opened.forEach(PreparedData::close);
    }
  }

  /**
   * Returns the findings of a study that was run before, computed from the stored runs. Does not
   * need the corpora, and does not write to the directory.
   *
   * @param study name of the study
   * @throws MixlawException if the lab has no such study
   */
  public Findings findings(String study) {
    List<String> warnings = new ArrayList<>();
    StoredStudy stored =
        ports
            .get(StudyRunner.class)
            .stored(directory, study, warnings::add)
            .orElseThrow(
                () ->
                    MixlawException.data(
                        "study " + study,
                        warnings.isEmpty() ? "not in this lab" : String.join("; ", warnings),
                        "one of %s in %s"
                            .formatted(ports.get(StudyRunner.class).studies(directory), directory),
                        "correct the name, or call Lab.run first"));
    if (stored.missingRuns() > 0) {
      warnings.add(stored.missingRuns() + " runs of the study have not ended");
    }
    return analyst().analyze(stored.provenance().andWarnings(warnings), stored.runs());
  }

  /**
   * Prepares the natural text of rounds and returns the plan of the rounds. Trains nothing.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException if there are problems; the exception lists all of them
   */
  public RoundsPlan plan(Rounds rounds, StudyListener listener) {
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, rounds.problems());
    PreparedData data = prepare(rounds.round0(), listener);
    return complete(planned(rounds, data).plan(), data);
  }

  /**
   * Executes all work in the rounds that is not done yet, and returns the findings of the rounds.
   *
   * @param listeners receive all events, in another thread
   * @throws MixlawException if there are problems; the exception lists all of them, and nothing is
   *     trained
   */
  public RoundsFindings run(Rounds rounds, StudyListener... listeners) {
    return this.<RoundsFindings>background(
            "rounds", listeners, listener -> findings(rounds, listener))
        .await();
  }

  private RoundsFindings findings(Rounds rounds, StudyListener listener) {
    RoundRunner.PlannedRounds planned = planned(rounds, listener);
    List<RoundRun> runs = planned.run(listener);
    List<String> warnings = prepare(rounds.round0(), listener).warnings();
    return analyst().analyze(rounds, planned.plan(), runs, warnings);
  }

  /**
   * Stores the next round in the lab, so that {@link #work} can train its models, in this process
   * or in others. Trains nothing, but generates the texts of the models of earlier rounds. Call
   * this method again after each round.
   *
   * @param listeners receive all events, in another thread
   * @return whether there are models to train; if not, {@link #run(Rounds, StudyListener...)}
   *     returns the findings without training
   * @throws MixlawException if there are problems; the exception lists all of them
   */
  public boolean submit(Rounds rounds, StudyListener... listeners) {
    return this.<Boolean>background(
            "rounds", listeners, listener -> planned(rounds, listener).submit(listener))
        .await();
  }

  private RoundRunner.PlannedRounds planned(Rounds rounds, StudyListener listener) {
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, rounds.problems());
    PreparedData data = prepare(rounds.round0(), listener);
    RoundRunner.PlannedRounds planned = planned(rounds, data);
    listener.on(new StudyEvent.Planned(complete(planned.plan(), data).round0()));
    return planned;
  }

  /** Adds the warnings of the text to a plan. */
  private static RoundsPlan complete(RoundsPlan plan, PreparedData data) {
    return new RoundsPlan(
        plan.round0().with(Duration.ZERO, List.of(), data.warnings()),
        plan.models(),
        plan.trainedTokens(),
        plan.writtenTokens(),
        plan.exactFlops(),
        plan.memoryBytes(),
        plan.diskBytes(),
        plan.estimatedTime());
  }

  private StudyRunner.PlannedStudy planned(Study study, PreparedData data) {
    return ports
        .get(StudyRunner.class)
        .plan(study, data, directory, ports.get(DomainEvaluator.class), resources);
  }

  private RoundRunner.PlannedRounds planned(Rounds rounds, PreparedData data) {
    return ports
        .get(RoundRunner.class)
        .plan(
            rounds,
            data,
            new RoundRunner.Workplace(
                ports.get(StudyRunner.class),
                directory,
                ports.get(DomainEvaluator.class),
                resources,
                ports.get(DataPreparer.class),
                directory.resolve(DataPreparer.DIRECTORY),
                Lab::provenance));
  }

  /**
   * Adds the model of the checkpoint from which a study starts, if the study has no models. Rejects
   * models that differ from this model in more than the name and the context.
   */
  private Study withStartingModel(Study study) {
    if (study.startFrom().isEmpty()) {
      return study;
    }
    Study whole = study;
    List<Problem> problems = new ArrayList<>(study.problems());
    try {
      ModelSpec model = ports.get(StudyRunner.class).startingModel(study.startFrom().get());
      whole = study.models().isEmpty() ? study.models(model) : study;
      for (ModelSpec m : whole.models()) {
        if (!m.named(model.name()).withContext(model.context()).equals(model)) {
          problems.add(
              new Problem(
                  "model " + m.name() + ": shape",
                  m.toString(),
                  "that of the checkpoint, apart from name and context: " + model,
                  "omit Study.models, or use LocalStudyRunner.startingModel"));
        }
      }
    } catch (MixlawException e) {
      problems.addAll(e.problems());
    }
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, problems);
    return whole;
  }

  /** Checks the description of a study and prepares its text. */
  private PreparedData prepare(Study study, StudyListener listener) {
    List<Problem> problems = new ArrayList<>(study.problems());
    if (!study.tests().isEmpty()) {
      DomainEvaluator evaluator = ports.get(DomainEvaluator.class);
      if (!evaluator.answersQuestions()) {
        problems.add(
            new Problem(
                "study " + study.name() + ": multiple-choice tests",
                evaluator.getClass().getName() + " does not answer questions",
                "an evaluator that answers questions, such as the one in mixlaw-eval, or no tests",
                "set Lab.Builder.evaluator, or omit Study.ask"));
      }
    }
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, problems);
    Study text = study.withAllRuns();
    PreparedData known = prepared.get(text);
    if (known == null) {
      ports.require(
          List.of(DataPreparer.class, StudyRunner.class, DomainEvaluator.class, Analyst.class));
      TokenizerSpec tokenizer =
          ports
              .get(StudyRunner.class)
              .tokenizer(directory, study, w -> listener.on(new StudyEvent.Warned(w)));
      known =
          Interrupts.cancelling(
              () ->
                  ports
                      .get(DataPreparer.class)
                      .withStages(ports.get(StudyRunner.class).stages())
                      .prepare(
                          study.tokenizer(tokenizer),
                          directory.resolve(DataPreparer.DIRECTORY),
                          listener));
      prepared.put(text, known);
    }
    return known;
  }

  /**
   * Adds the notes, warnings and times of the analyst and of the word comparison to a plan. Also
   * adds the warnings of the text.
   */
  private Plan complete(Study study, Plan training, PreparedData data) {
    Analyst analyst = ports.get(Analyst.class);
    List<String> notes = new ArrayList<>(analyst.power(study));
    study.questions().stream()
        .filter(q -> q.width().isPresent())
        .forEach(q -> notes.add("seeds are added to this plan for " + q));
    Duration more = analyst.time(training.runs().size());
    if (comparingWords) {
      data.wordComparisonNote().ifPresent(notes::add);
      more = more.plus(data.wordComparisonTime());
    }
    List<String> warnings = new ArrayList<>(data.warnings());
    warnings.addAll(analyst.outlook(study));
    return training.with(more, notes, warnings);
  }

  private Provenance withWords(Provenance from, PreparedData data, StudyListener listener) {
    return (comparingWords ? data.compareWords(listener) : Optional.<Answer<WordComparison>>empty())
        .map(
            answer ->
                answer.<Provenance>fold(
                    (compared, warnings) ->
                        from.andWarnings(compared.warnings()).withWords(compared),
                    refusal -> from.andWarnings(List.of(refusal.toString()))))
        .orElse(from);
  }

  private static Provenance provenance(Study study, PreparedData data, Plan plan) {
    Map<String, Map<String, Double>> mixtures = new LinkedHashMap<>();
    study.mixtures().forEach(m -> mixtures.put(m.name(), m.shares()));
    List<String> warnings = new ArrayList<>(data.warnings());
    warnings.addAll(plan.warnings());
    Map<String, String> settings = StudyText.settings(study);
    settings.put("plan digest", plan.digest());
    return new Provenance(
        study.name(),
        mixtures,
        data.corpora().stream().map(TokenizedText::facts).toList(),
        data.domains().stream().map(TokenizedText::facts).toList(),
        data.tokenizer().name() + " " + data.tokenizer().fingerprint(),
        data.tokenizer().vocabulary(),
        plan.engine(),
        plan.device(),
        study.baselineMixture().orElseThrow().name(),
        study.questions(),
        settings,
        warnings,
        Optional.empty());
  }

  /**
   * Cancels the running study or rounds, waits until the work has stopped, and closes the prepared
   * text.
   */
  @Override
  public void close() {
    List<BackgroundTask<?>> left;
    synchronized (running) {
      left = List.copyOf(running);
      running.clear();
    }
    left.forEach(BackgroundTask::cancel);
    left.forEach(BackgroundTask::join);
    prepared.values().forEach(PreparedData::close);
    prepared.clear();
  }

  /**
   * A builder of labs. A service that is not set is loaded with {@link java.util.ServiceLoader}.
   * Builders are not thread-safe.
   */
  public static final class Builder {
    private final Path directory;
    private final Ports ports = new Ports();
    private Optional<TrainingEngine> engine = Optional.empty();
    private int threads = Runtime.getRuntime().availableProcessors();
    private OptionalInt threadsPerRun = OptionalInt.empty();
    private long memoryBytes = 4_000_000_000L;
    private boolean comparingWords = true;
    private long analysisSeed;
    private boolean strictReproduction;
    private Duration lease = Duration.ofMinutes(1);

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * Sets the training engine and its devices. By default, a study uses the engine that it used
     * before, and a new study uses the fastest engine that can run.
     *
     * @param value an engine, such as {@code Engines.nativeCpu()} or {@code Engines.cuda().cards(0,
     *     1)} of {@code mixlaw-train}
     */
    public Builder engine(TrainingEngine value) {
      this.engine = Optional.of(value);
      return this;
    }

    /**
     * Sets the number of threads of all workers together.
     *
     * @param number number of threads, at least 1; by default the number of processors
     * @throws IllegalArgumentException if the number is below 1
     */
    public Builder threads(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("threads: " + number + "; expected at least 1");
      }
      this.threads = number;
      return this;
    }

    /**
     * Sets the number of threads per run. The number affects the last digits of a result. Runs are
     * therefore trained again if it changes.
     *
     * @param number number of threads, at least 1; by default 1 for models of up to 50 million
     *     parameters, 4 for up to 200 million, and 8 for larger ones
     * @throws IllegalArgumentException if the number is below 1
     */
    public Builder threadsPerRun(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("threads per run: " + number + "; expected at least 1");
      }
      this.threadsPerRun = OptionalInt.of(number);
      return this;
    }

    /**
     * Sets the memory limit of all workers together. A plan that needs more memory is rejected. The
     * engine {@code cuda} is limited by the memory of the GPU instead.
     *
     * @param bytes memory limit in bytes; 4 GB by default
     */
    public Builder memoryBytes(long bytes) {
      this.memoryBytes = bytes;
      return this;
    }

    /**
     * Rejects studies whose runs were trained on different kinds of devices, such as processors
     * with different instruction sets. By default, such a study results in a warning, because the
     * last digits of its results may not be reproducible on a single machine.
     */
    public Builder strictReproduction() {
      this.strictReproduction = true;
      return this;
    }

    /**
     * Sets the time after which another process takes over a job of this lab, unless it sees the
     * job's heartbeat change; 60 s by default. The other process measures the time with its own
     * clock. The heartbeat is written three times per lease. For jobs that start when hardly any
     * other is left, the lease is a third, but not less than 15 s unless this time is shorter. A
     * lease must be several times longer than the shared file system needs to show a change.
     *
     * @param time a positive time
     * @throws IllegalArgumentException if the time is not positive
     */
    public Builder lease(Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("lease: " + time + "; expected a positive time");
      }
      this.lease = time;
      return this;
    }

    /**
     * Sets the seed for the resamples and posterior draws from which the analyst computes
     * confidence intervals; 0 by default. Another seed shows how much the intervals depend on the
     * number of draws.
     */
    public Builder analysisSeed(long seed) {
      this.analysisSeed = seed;
      return this;
    }

    /**
     * Disables the comparison of the words in mixtures and domains, which reads every text twice.
     */
    public Builder withoutWordComparison() {
      this.comparingWords = false;
      return this;
    }

    /**
     * Sets the preparer, which tokenizes corpora and domains; by default the one in {@code
     * mixlaw-mix}.
     */
    public Builder preparer(DataPreparer port) {
      return set(DataPreparer.class, port);
    }

    /**
     * Sets the runner, which trains and measures runs; by default the one in {@code mixlaw-train}.
     */
    public Builder runner(StudyRunner port) {
      return set(StudyRunner.class, port);
    }

    /** Sets the evaluator, which measures losses; by default the one in {@code mixlaw-eval}. */
    public Builder evaluator(DomainEvaluator port) {
      return set(DomainEvaluator.class, port);
    }

    /**
     * Sets the analyst, which derives findings from runs; by default the one in {@code
     * mixlaw-eval}.
     */
    public Builder analyst(Analyst port) {
      return set(Analyst.class, port);
    }

    private <P> Builder set(Class<P> port, P implementation) {
      ports.set(port, Objects.requireNonNull(implementation, "port"));
      return this;
    }

    /** Opens the lab. Does not read or write any file yet. */
    public Lab open() {
      return new Lab(this);
    }
  }
}
