package dev.mixlaw.api;

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
import dev.mixlaw.api.spi.DataPreparer;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.RoundAnalyst;
import dev.mixlaw.api.spi.RoundRunner;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.RunStoreFactory;
import dev.mixlaw.api.spi.StudyRunner;
import dev.mixlaw.api.spi.TextMeter;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.WordComparer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Plans and runs studies, and rounds, in a directory, one subdirectory each. Text is prepared once
 * for all of them, in {@code .text}.
 *
 * <p>A study that was stopped, however it was stopped, goes on where it was when it is run again.
 * Before training it compares the words of mixtures and domains, where the preparer offers that.
 * Needs {@code mixlaw-mix}, {@code mixlaw-train} and {@code mixlaw-eval} on the class path. Not for
 * use by several threads at once.
 */
public final class Lab implements AutoCloseable {
  /** Prepared text, for all studies: no study has a name that begins with a point. */
  private static final String TEXT = ".text";

  private final Path directory;
  private final StudyRunner.Resources resources;
  private final Supplier<DataPreparer> preparer;
  private final Supplier<StudyRunner> runner;
  private final Supplier<RunStoreFactory> stores;
  private final Supplier<DomainEvaluator> evaluator;
  private final Supplier<Analyst> analyst;
  private final Supplier<RoundRunner> rounds;
  private final Supplier<RoundAnalyst> roundAnalyst;
  private final Supplier<TextMeter> meter;
  private final Map<Study, PreparedData> prepared = new LinkedHashMap<>();

  private Lab(Builder b) {
    this.directory = b.directory;
    this.resources = new StudyRunner.Resources(b.engine, b.threads, b.memoryBytes);
    this.preparer = b.preparer;
    this.runner = b.runner;
    this.stores = b.stores;
    this.evaluator = b.evaluator;
    this.analyst = b.analyst;
    this.rounds = b.rounds;
    this.roundAnalyst = b.roundAnalyst;
    this.meter = b.meter;
  }

  /** A lab in a directory, which is made when it is first needed, with the best engine there is. */
  public static Lab open(Path directory) {
    return in(directory).open();
  }

  /** A lab with settings of its own. */
  public static Builder in(Path directory) {
    return new Builder(directory);
  }

  /**
   * Says what a study will do, after preparing its text and before any training.
   *
   * @throws MixlawException with all problems at once
   */
  public Plan plan(Study study) {
    return plan(study, StudyListener.none());
  }

  /** As {@link #plan(Study)}; the listener hears how the preparation goes. */
  public Plan plan(Study study, StudyListener listener) {
    PreparedData data = prepare(study, listener);
    try (RunStore store = openStore(study, data)) {
      return whole(study, runner.get().plan(study, data, store, resources).plan(), data);
    }
  }

  /**
   * What a study's training text is, corpus by corpus, after preparing it: how many tokens there
   * are to make mixtures of. Nothing is planned, so that the study may still change.
   *
   * @throws MixlawException with all problems at once
   */
  public List<TextFacts> text(Study study, StudyListener listener) {
    return prepare(study, listener).corpora().stream().map(TokenizedText::facts).toList();
  }

  /** As {@link #run(Study, StudyListener)}, heard by nobody. */
  public Findings run(Study study) {
    return run(study, StudyListener.none());
  }

  /**
   * Runs what is not done yet, and returns what the whole study found.
   *
   * @throws MixlawException with all problems at once, before any training
   */
  public Findings run(Study study, StudyListener listener) {
    PreparedData data = prepare(study, listener);
    try (RunStore store = openStore(study, data)) {
      StudyRunner.PlannedStudy planned = runner.get().plan(study, data, store, resources);
      listener.on(new StudyEvent.Planned(whole(study, planned.plan(), data)));
      Provenance provenance = withWords(provenance(study, data, planned.plan()), data, listener);
      List<RunResult> runs = planned.run(evaluator.get(), listener);
      return analyst.get().analyze(provenance, runs);
    }
  }

  /**
   * Says what rounds will do, after preparing the natural text and before any training.
   *
   * @throws MixlawException with all problems at once
   */
  public RoundsPlan plan(Rounds description, StudyListener listener) {
    PreparedData data = prepare(description, listener);
    try (RunStore store = openStore(description, data)) {
      return plan(description, data, store).plan();
    }
  }

  /**
   * Does what is not done yet of all rounds, and returns what they found.
   *
   * @throws MixlawException with all problems at once, before any training
   */
  public RoundsFindings run(Rounds description, StudyListener listener) {
    PreparedData data = prepare(description, listener);
    try (RunStore store = openStore(description, data)) {
      RoundRunner.PlannedRounds planned = plan(description, data, store);
      RoundsPlan plan = planned.plan();
      listener.on(new StudyEvent.Planned(plan.round0()));
      List<RoundRun> runs = planned.run(evaluator.get(), meter.get(), listener);
      return roundAnalyst.get().analyze(description, plan, runs, data.warnings());
    }
  }

  private RoundRunner.PlannedRounds plan(Rounds description, PreparedData data, RunStore store) {
    return rounds
        .get()
        .plan(
            description,
            data,
            new RoundRunner.Workplace(
                directory.resolve(description.name()),
                store,
                resources,
                preparer.get(),
                directory.resolve(TEXT)));
  }

  private PreparedData prepare(Rounds description, StudyListener listener) {
    List<Problem> problems = description.problems();
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
    return prepare(description.round0(), listener);
  }

  private RunStore openStore(Rounds description, PreparedData data) {
    return stores
        .get()
        .open(directory.resolve(description.name()), StudyText.of(description, data));
  }

  private Plan whole(Study study, Plan training, PreparedData data) {
    Plan warned = training.andWarnings(analyst.get().outlook(study));
    return data.words().map(w -> warned.and(w.outlook())).orElse(warned);
  }

  private static Provenance withWords(Provenance from, PreparedData data, StudyListener listener) {
    Optional<WordComparer> words = data.words();
    if (words.isEmpty()) {
      return from;
    }
    Answer<WordComparison> compared = words.get().compare(listener);
    List<String> warnings = new ArrayList<>(from.warnings());
    if (compared instanceof Answer.Known<WordComparison> known) {
      warnings.addAll(known.value().warnings());
      return from.withWarnings(warnings).withWords(known.value());
    }
    warnings.add(compared.toString());
    return from.withWarnings(warnings);
  }

  private PreparedData prepare(Study study, StudyListener listener) {
    List<Problem> problems = new ArrayList<>(StudyRules.problems(study));
    if (!study.tests().isEmpty() && !evaluator.get().answersQuestions()) {
      problems.add(
          new Problem(
              "study " + study.name() + ": tests of multiple choice",
              evaluator.get().getClass().getName() + " answers no questions",
              "an evaluator that answers, such as that of mixlaw-eval, or no tests",
              "Lab.Builder.evaluator, or Study.ask"));
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
    PreparedData known = prepared.get(study);
    if (known == null) {
      known = preparer.get().prepare(study, directory.resolve(TEXT), listener);
      prepared.put(study, known);
    }
    return known;
  }

  private RunStore openStore(Study study, PreparedData data) {
    return stores.get().open(directory.resolve(study.name()), StudyText.of(study, data));
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

  @Override
  public void close() {
    prepared.values().forEach(PreparedData::close);
    prepared.clear();
  }

  /**
   * Settings of a lab. Ports that are not handed in are found by {@link java.util.ServiceLoader}.
   */
  public static final class Builder {
    private final Path directory;
    private String engine = "auto";
    private int threads = Runtime.getRuntime().availableProcessors();
    private long memoryBytes = 4_000_000_000L;
    private Supplier<DataPreparer> preparer = () -> Ports.find(DataPreparer.class, "mixlaw-mix");
    private Supplier<StudyRunner> runner = () -> Ports.find(StudyRunner.class, "mixlaw-train");
    private Supplier<RunStoreFactory> stores =
        () -> Ports.find(RunStoreFactory.class, "mixlaw-train");
    private Supplier<DomainEvaluator> evaluator =
        () -> Ports.find(DomainEvaluator.class, "mixlaw-eval");
    private Supplier<Analyst> analyst = () -> Ports.find(Analyst.class, "mixlaw-eval");

    private Supplier<RoundRunner> rounds = () -> Ports.find(RoundRunner.class, "mixlaw-train");
    private Supplier<RoundAnalyst> roundAnalyst =
        () -> Ports.find(RoundAnalyst.class, "mixlaw-eval");
    private Supplier<TextMeter> meter = () -> Ports.find(TextMeter.class, "mixlaw-mix");

    private Builder(Path directory) {
      this.directory = Objects.requireNonNull(directory, "directory");
    }

    /** Engine by name; {@code auto} by default. */
    public Builder engine(String name) {
      this.engine = name;
      return this;
    }

    /** Threads of all workers together; the machine's processors by default. */
    public Builder threads(int number) {
      if (number < 1) {
        throw new IllegalArgumentException("threads: " + number + " given; expected at least 1");
      }
      this.threads = number;
      return this;
    }

    /**
     * Memory of all workers together; 4 GB by default. A plan that needs more is refused. Of the
     * engine {@code cuda} the card's memory is the limit.
     */
    public Builder memoryBytes(long bytes) {
      this.memoryBytes = bytes;
      return this;
    }

    public Builder preparer(DataPreparer port) {
      this.preparer = () -> port;
      return this;
    }

    public Builder runner(StudyRunner port) {
      this.runner = () -> port;
      return this;
    }

    public Builder stores(RunStoreFactory port) {
      this.stores = () -> port;
      return this;
    }

    public Builder evaluator(DomainEvaluator port) {
      this.evaluator = () -> port;
      return this;
    }

    public Builder analyst(Analyst port) {
      this.analyst = () -> port;
      return this;
    }

    public Builder rounds(RoundRunner port) {
      this.rounds = () -> port;
      return this;
    }

    public Builder roundAnalyst(RoundAnalyst port) {
      this.roundAnalyst = () -> port;
      return this;
    }

    public Builder meter(TextMeter port) {
      this.meter = () -> port;
      return this;
    }

    public Lab open() {
      return new Lab(this);
    }
  }
}
