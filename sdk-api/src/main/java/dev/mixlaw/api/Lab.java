package dev.mixlaw.api;

import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.RunStoreFactory;
import dev.mixlaw.api.spi.TokenizedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Plans and runs studies and rounds. Each has its own subdirectory of the lab's directory; prepared
 * text is shared by all of them, in {@code .text}.
 *
 * <p>A study can be stopped at any time, even by a kill. It continues where it was when it is run
 * again. Before training, a lab compares the words of mixtures and domains if the preparer can do
 * so.
 *
 * <p>A lab needs {@code mixlaw-mix}, {@code mixlaw-train} and {@code mixlaw-eval} on the class
 * path. It is not for use by several threads at once.
 */
public final class Lab implements AutoCloseable {
  /** Directory of prepared text. No study can have this name, as it begins with a dot. */
  private static final String TEXT = ".text";

  private final Path directory;
  private final StudyRunner.Resources resources;
  private final Ports ports;
  private final boolean comparingWords;
  private final Map<Study, PreparedData> prepared = new LinkedHashMap<>();

  private Lab(Builder b) {
    this.directory = b.directory;
    this.resources = new StudyRunner.Resources(b.engine, b.threads, b.memoryBytes);
    this.ports = new Ports(b.ports);
    this.comparingWords = b.comparingWords;
  }

  /**
   * Opens a lab with default settings.
   *
   * @param directory where runs are kept; it is created when it is first needed
   */
  public static Lab open(Path directory) {
    return in(directory).open();
  }

  /**
   * Returns a builder, to open a lab with other settings.
   *
   * @param directory where runs are kept; it is created when it is first needed
   */
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /**
   * Returns what a study will do, after preparing its text and before any training.
   *
   * @throws MixlawException with all problems at once
   */
  public Plan plan(Study study) {
    return plan(study, StudyListener.none());
  }

  /**
   * Returns what a study will do, after preparing its text and before any training.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException with all problems at once
   */
  public Plan plan(Study study, StudyListener listener) {
    PreparedData data = prepare(study, listener);
    try (RunStore store = openStore(study.name(), StudyText.of(study, data))) {
      return complete(study, planned(study, data, store).plan(), data);
    }
  }

  /**
   * Prepares a study's training text and returns the size of each corpus. Nothing is planned, so
   * the mixtures of the study can still change.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException with all problems at once
   */
  public List<TextFacts> text(Study study, StudyListener listener) {
    return prepare(study, listener).corpora().stream().map(TokenizedText::facts).toList();
  }

  /**
   * Trains and measures what is not done yet, and returns the findings of the whole study.
   *
   * @throws MixlawException with all problems at once, before any training
   */
  public Findings run(Study study) {
    return run(study, StudyListener.none());
  }

  /**
   * Trains and measures what is not done yet, and returns the findings of the whole study.
   *
   * @param listener receives all events
   * @throws MixlawException with all problems at once, before any training
   */
  public Findings run(Study study, StudyListener listener) {
    PreparedData data = prepare(study, listener);
    try (RunStore store = openStore(study.name(), StudyText.of(study, data))) {
      StudyRunner.PlannedStudy planned = planned(study, data, store);
      listener.on(new StudyEvent.Planned(complete(study, planned.plan(), data)));
      Provenance provenance = withWords(provenance(study, data, planned.plan()), data, listener);
      List<RunResult> runs = planned.run(ports.get(DomainEvaluator.class), listener);
      return ports.get(Analyst.class).analyze(provenance, runs);
    }
  }

  /**
   * Returns what rounds will do, after preparing the natural text and before any training.
   *
   * @param listener receives the progress of the preparation
   * @throws MixlawException with all problems at once
   */
  public RoundsPlan plan(Rounds rounds, StudyListener listener) {
    PreparedData data = prepare(rounds, listener);
    try (RunStore store = openStore(rounds.name(), StudyText.of(rounds, data))) {
      return planned(rounds, data, store).plan();
    }
  }

  /**
   * Carries out what is not done yet of all rounds, and returns their findings.
   *
   * @param listener receives all events
   * @throws MixlawException with all problems at once, before any training
   */
  public RoundsFindings run(Rounds rounds, StudyListener listener) {
    PreparedData data = prepare(rounds, listener);
    try (RunStore store = openStore(rounds.name(), StudyText.of(rounds, data))) {
      RoundRunner.PlannedRounds planned = planned(rounds, data, store);
      RoundsPlan plan = planned.plan();
      listener.on(new StudyEvent.Planned(plan.round0()));
      List<RoundRun> runs = planned.run(ports.get(DomainEvaluator.class), listener);
      return ports.get(Analyst.class).analyze(rounds, plan, runs, data.warnings());
    }
  }

  private StudyRunner.PlannedStudy planned(Study study, PreparedData data, RunStore store) {
    return ports.get(StudyRunner.class).plan(study, data, store, resources);
  }

  private RoundRunner.PlannedRounds planned(Rounds rounds, PreparedData data, RunStore store) {
    return ports
        .get(RoundRunner.class)
        .plan(
            rounds,
            data,
            new RoundRunner.Workplace(
                directory.resolve(rounds.name()),
                store,
                resources,
                ports.get(DataPreparer.class),
                directory.resolve(TEXT)));
  }

  private PreparedData prepare(Rounds rounds, StudyListener listener) {
    requireNone(rounds.problems());
    return prepare(rounds.round0(), listener);
  }

  private PreparedData prepare(Study study, StudyListener listener) {
    List<Problem> problems = new ArrayList<>(study.problems());
    if (!study.tests().isEmpty()) {
      DomainEvaluator evaluator = ports.get(DomainEvaluator.class);
      if (!evaluator.answersQuestions()) {
        problems.add(
            new Problem(
                "study " + study.name() + ": multiple-choice tests",
                evaluator.getClass().getName() + " answers no questions",
                "an evaluator that does, such as that of mixlaw-eval, or no tests",
                "Lab.Builder.evaluator, or Study.ask"));
      }
    }
    requireNone(problems);
    PreparedData known = prepared.get(study);
    if (known == null) {
      known = ports.get(DataPreparer.class).prepare(study, directory.resolve(TEXT), listener);
      prepared.put(study, known);
    }
    return known;
  }

  private static void requireNone(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  private RunStore openStore(String name, String description) {
    return ports.get(RunStoreFactory.class).open(directory.resolve(name), description);
  }

  /** Adds what the analysis and the comparison of words say before training. */
  private Plan complete(Study study, Plan training, PreparedData data) {
    List<String> notes = new ArrayList<>(ports.get(Analyst.class).power(study));
    if (comparingWords) {
      data.wordComparisonNote().ifPresent(notes::add);
    }
    return training.with(notes, ports.get(Analyst.class).outlook(study));
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
    return new Provenance(
        study.name(),
        mixtures,
        data.corpora().stream().map(TokenizedText::facts).toList(),
        data.domains().stream().map(TokenizedText::facts).toList(),
        data.tokenizer().name() + " " + data.tokenizer().fingerprint(),
        data.tokenizer().vocabulary(),
        plan.engine(),
        plan.device(),
        baseline(study),
        study.questions(),
        StudyText.settings(study),
        warnings,
        Optional.empty());
  }

  private static String baseline(Study study) {
    return study.mixtures().stream()
        .filter(m -> m.syntheticShare() == 0)
        .findFirst()
        .orElse(study.mixtures().get(0))
        .name();
  }

  /** Closes the prepared text. */
  @Override
  public void close() {
    prepared.values().forEach(PreparedData::close);
    prepared.clear();
  }

  /**
   * Settings of a lab. A port that is not set is found by {@link java.util.ServiceLoader}. Not for
   * use by several threads.
   */
  public static final class Builder {
    private final Path directory;
    private final Ports ports = new Ports();
    private String engine = "auto";
    private int threads = Runtime.getRuntime().availableProcessors();
    private long memoryBytes = 4_000_000_000L;
    private boolean comparingWords = true;

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /**
     * Sets the training engine.
     *
     * @param name such as {@code native}; {@code auto}, the default, takes the fastest that can run
     */
    public Builder engine(String name) {
      this.engine = Objects.requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the number of threads of all workers together.
     *
     * @param number at least 1; the machine's processors by default
     * @throws IllegalArgumentException if it is below 1
     */
    public Builder threads(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("threads: " + number + "; expected at least 1");
      }
      this.threads = number;
      return this;
    }

    /**
     * Sets the memory of all workers together. A plan that needs more is refused. The engine {@code
     * cuda} is limited by the memory of the card instead.
     *
     * @param bytes 4 GB by default
     */
    public Builder memoryBytes(long bytes) {
      this.memoryBytes = bytes;
      return this;
    }

    /**
     * Leaves out the comparison of the words of mixtures and domains, which reads every text twice.
     */
    public Builder withoutWordComparison() {
      this.comparingWords = false;
      return this;
    }

    /** Sets what tokenizes corpora and domains; that of {@code mixlaw-mix} by default. */
    public Builder preparer(DataPreparer port) {
      return set(DataPreparer.class, port);
    }

    /** Sets what trains and measures runs; that of {@code mixlaw-train} by default. */
    public Builder runner(StudyRunner port) {
      return set(StudyRunner.class, port);
    }

    /** Sets where runs are kept; in files below the lab's directory by default. */
    public Builder stores(RunStoreFactory port) {
      return set(RunStoreFactory.class, port);
    }

    /** Sets what measures losses; that of {@code mixlaw-eval} by default. */
    public Builder evaluator(DomainEvaluator port) {
      return set(DomainEvaluator.class, port);
    }

    /** Sets what turns runs into findings; that of {@code mixlaw-eval} by default. */
    public Builder analyst(Analyst port) {
      return set(Analyst.class, port);
    }

    /** Sets what carries out rounds; that of {@code mixlaw-train} by default. */
    public Builder rounds(RoundRunner port) {
      return set(RoundRunner.class, port);
    }

    private <P> Builder set(Class<P> port, P implementation) {
      ports.set(port, Objects.requireNonNull(implementation, "port"));
      return this;
    }

    /** Opens the lab. Nothing is read or written yet. */
    public Lab open() {
      return new Lab(this);
    }
  }
}
