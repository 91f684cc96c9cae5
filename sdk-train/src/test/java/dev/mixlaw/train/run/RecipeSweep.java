package dev.mixlaw.train.run;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A program that trains one model size with many recipes and appends the losses to a CSV file (see
 * BENCHMARKS.md). It needs mixlaw-mix and mixlaw-eval on the class path.
 *
 * <p>Its arguments are a directory with {@code natural.jsonl} and {@code domains}, the CSV file,
 * the model size, the budgets, the first and the last seed, and the recipes. A recipe is a list of
 * {@code key=value}, separated by commas, which change the defaults of {@link Settings}. Rows that
 * the file already contains are not trained again.
 */
final class RecipeSweep {
  private static final int CONTEXT = 128;
  private static final int VOCABULARY = 1024;
  private static final String HEADER =
      "model,seed,budget,batch,growth,origin,rate,rateexp,beta2,decay,warmup,cooldown,loss,seconds";

  private final Path csv;
  private final PreparedData data;
  private final Mixture mixture;
  private final DomainEvaluator evaluator = load(DomainEvaluator.class);
  private final TrainingEngine engine = Engines.byName("native");

  RecipeSweep(Path csv, PreparedData data, Mixture mixture) {
    this.csv = csv;
    this.data = data;
    this.mixture = mixture;
  }

  /**
   * The settings of a recipe. The batch size is {@code batch} tokens up to position {@code origin}.
   * It doubles whenever {@code (position / origin)^growth} doubles. The learning rate is multiplied
   * by {@code (batch size / initial batch size)^rateexp}.
   *
   * @param warmup length of the linear warm-up, in tokens
   * @param cooldown fraction of a budget in which the learning rate decays linearly to 0
   */
  record Settings(
      double batch,
      double growth,
      double origin,
      double rate,
      double rateexp,
      double beta2,
      double decay,
      double warmup,
      double cooldown) {

    static Settings of(String changes) {
      double[] v = {512, 0, 125_000, 0.0025, 0.5, 0.95, 0.1, 50_000, 0.2};
      List<String> names =
          Arrays.stream(Settings.class.getRecordComponents()).map(c -> c.getName()).toList();
      for (String change : changes.split(",")) {
        String[] pair = change.split("=");
        int at = names.indexOf(pair[0]);
        if (at >= 0) {
          v[at] = Double.parseDouble(pair[1]);
        } else if (!pair[0].equals("default")) {
          throw new IllegalArgumentException(change + ": expected one of " + names);
        }
      }
      return new Settings(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]);
    }

    int sequences(long tokens) {
      double grown = Math.max(0, growth * Math.log(tokens / origin) / Math.log(2));
      return (int) Math.round(batch / CONTEXT) << (int) Math.floor(grown + 1e-9);
    }

    double rate(long tokens, int sequences) {
      double warm = Math.min(1, (tokens + (double) sequences * CONTEXT) / warmup);
      return rate * warm * Math.pow(sequences / (batch / CONTEXT), rateexp);
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%s,%s,%s,%s,%s,%s,%s,%s,%s",
          batch,
          growth,
          origin,
          rate,
          rateexp,
          beta2,
          decay,
          warmup,
          cooldown);
    }
  }

  /** The training of a model. It opens a new session whenever the batch size changes. */
  final class Training implements AutoCloseable {
    private final ModelSpec model;
    private final int seed;
    private final Settings settings;
    private final TokenSource source;
    private final Path scratch;
    TrainingSession session;
    private int open;
    long sequence;

    Training(ModelSpec model, int seed, Settings settings, Path scratch) {
      this.model = model;
      this.seed = seed;
      this.settings = settings;
      this.scratch = scratch;
      source = data.source(mixture.shares(), CONTEXT, RunSeeds.order(seed));
      session = session(settings.sequences(0));
    }

    private TrainingSession session(int sequences) {
      open = sequences;
      Recipe d = Recipe.standard();
      Recipe recipe =
          new Recipe(
              d.schedule(),
              d.learningRate(),
              1,
              d.batch(),
              settings.decay(),
              d.beta1(),
              settings.beta2(),
              d.epsilon(),
              d.clipNorm());
      return engine.open(
          new SessionSpec(model, VOCABULARY, sequences, recipe, RunSeeds.weights(seed), 1));
    }

    long tokens() {
      return sequence * CONTEXT;
    }

    /**
     * Trains up to the step that ends closest to {@code end}. The learning rate decays to 0 if
     * {@code cooling} is true.
     */
    void train(long end, boolean cooling) throws IOException {
      train(end, tokens(), cooling ? OptionalLong.of(end) : OptionalLong.empty());
    }

    /**
     * Trains up to {@code end}. If {@code zero} is present, the learning rate decays from {@code
     * begin} to 0 at that position.
     */
    void train(long end, long begin, OptionalLong zero) throws IOException {
      Supplier<TrainingSession.StepResult> pending = null;
      while (end - tokens() >= CONTEXT * settings.sequences(tokens()) / 2) {
        int n = settings.sequences(tokens());
        if (n != open) {
          save("growth");
          session.close();
          session = session(n);
          session.load(scratch.resolve("growth"));
        }
        int[] ids = new int[n * (CONTEXT + 1)];
        for (int i = 0; i < n; i++) {
          source.read(sequence + i, ids, i * (CONTEXT + 1));
        }
        double left =
            zero.isPresent()
                ? (double) (zero.getAsLong() - tokens()) / (zero.getAsLong() - begin)
                : 1;
        double rate = settings.rate(tokens(), n) * left;
        Supplier<TrainingSession.StepResult> next = session.begin(ids, rate);
        if (pending != null && !Double.isFinite(pending.get().loss())) {
          throw new IllegalStateException("diverged at " + tokens() + " tokens");
        }
        pending = next;
        sequence += n;
      }
      if (pending != null) {
        Object unused = pending.get();
      }
    }

    void save(String name) throws IOException {
      new Disk().delete(scratch.resolve(name));
      Files.createDirectories(scratch.resolve(name));
      session.save(scratch.resolve(name));
    }

    void restore(String name, long at) {
      if (settings.sequences(at * CONTEXT) != open) {
        session.close();
        session = session(settings.sequences(at * CONTEXT));
      }
      session.load(scratch.resolve(name));
      sequence = at;
    }

    @Override
    public void close() {
      session.close();
    }
  }

  double loss(LanguageModel model) {
    return evaluator.evaluate(model, data.tokenizer().endOfText(), data.domains()).stream()
        .filter(m -> m.metric().equals(Metric.NATS_PER_TOKEN))
        .mapToDouble(m -> m.value().value())
        .average()
        .orElseThrow();
  }

  private void run(ModelSpec model, int seed, List<Long> budgets, Settings settings)
      throws IOException {
    String begin = model.name() + "," + seed + ",";
    List<String> there = Files.readAllLines(csv);
    if (budgets.stream()
        .allMatch(
            b ->
                there.stream()
                    .anyMatch(l -> l.startsWith(begin + b + "," + settings.line() + ",")))) {
      return;
    }
    Path scratch = Files.createTempDirectory("sweep");
    try (Training training = new Training(model, seed, settings, scratch)) {
      for (long budget : budgets) {
        long since = System.nanoTime();
        training.train(Math.round(budget * (1 - settings.cooldown())), false);
        training.save("trunk");
        long at = training.sequence;
        training.train(budget, true);
        String row =
            String.format(
                Locale.ROOT,
                "%s%d,%s,%.5f,%.1f%n",
                begin,
                budget,
                settings.line(),
                loss(training.session.model()),
                (System.nanoTime() - since) / 1e9);
        Files.writeString(csv, row, StandardOpenOption.APPEND);
        System.out.print(row);
        training.restore("trunk", at);
      }
    } finally {
      new Disk().delete(scratch);
    }
  }

  private static <T> T load(Class<T> port) {
    return ServiceLoader.load(port).findFirst().orElseThrow();
  }

  /** The code that runs with a prepared sweep. */
  interface Body {
    void run(RecipeSweep sweep, ModelSpec model, List<Long> budgets) throws IOException;
  }

  /**
   * Prepares the text, the model and the budgets from the first four arguments of the program, and
   * runs the body.
   */
  static void with(String[] args, String header, Body body) throws IOException {
    Path text = Path.of(args[0]);
    Path csv = Path.of(args[1]);
    ModelSpec model = ModelSpec.ladder(args[2]).get(0).withContext(CONTEXT);
    List<Long> budgets =
        Arrays.stream(args[3].split(",")).map(Long::valueOf).collect(Collectors.toList());
    Mixture natural =
        Mixture.of(Corpus.jsonl(text.resolve("natural.jsonl")).named("natural").natural());
    Study study =
        Study.named("sweep")
            .mixtures(natural)
            .models(model)
            .budgets(args[3].split(","))
            .tokenizer(TokenizerSpec.trainedBpe(VOCABULARY))
            .evaluateOn(Domains.directory(text.resolve("domains")));
    if (!Files.exists(csv)) {
      Files.writeString(csv, header + "\n");
    }
    DataPreparer preparer = load(DataPreparer.class);
    try (PreparedData data =
        preparer.prepare(study, text.resolve(".sweep"), StudyListener.none())) {
      body.run(new RecipeSweep(csv, data, natural), model, budgets);
    }
  }

  public static void main(String[] args) throws IOException {
    with(
        args,
        HEADER,
        (sweep, model, budgets) -> {
          for (int seed = Integer.parseInt(args[4]); seed <= Integer.parseInt(args[5]); seed++) {
            for (String recipe : Arrays.asList(args).subList(6, args.length)) {
              sweep.run(model, seed, budgets, Settings.of(recipe));
            }
          }
        });
  }
}
