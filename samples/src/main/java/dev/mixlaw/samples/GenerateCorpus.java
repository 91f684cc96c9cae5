package dev.mixlaw.samples;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.generate.Generated;
import dev.mixlaw.mix.generate.Generation;
import dev.mixlaw.mix.generate.builtin.Filters;
import dev.mixlaw.mix.generate.builtin.Styles;
import dev.mixlaw.mix.generate.openai.OpenAiEndpoint;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.Style;
import dev.mixlaw.mix.synthetic.NgramGenerator;
import dev.mixlaw.samples.corpora.DefaultCorpora;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * Generates a synthetic corpus with a language model behind an OpenAI-compatible endpoint. Offline,
 * it uses a trained model, a paraphraser or an n-gram model instead.
 */
@Command(
    name = "GenerateCorpus",
    mixinStandardHelpOptions = true,
    description =
        "Writes a synthetic corpus with its data card. If stopped, the same command resumes without sending any request twice.")
final class GenerateCorpus implements Callable<Integer> {
  private static final int NGRAM = 3;
  private static final int OPENING_WORDS = 8;

  /**
   * The methods of generation. Each constant states whether a language model generates the text.
   */
  enum Way {
    HQ(true),
    EASY(true),
    SCHOLARLY(true),
    QA(true),
    STORY(true),
    DIALOGUE(true),
    TEXTBOOK(true),
    REVISED(true),
    PARAPHRASE(false),
    CONTINUATION(false);

    final boolean byLanguageModel;

    Way(boolean byLanguageModel) {
      this.byLanguageModel = byLanguageModel;
    }

    Style style(int documents) {
      return switch (this) {
        case HQ -> Styles.hq();
        case EASY -> Styles.easy();
        case SCHOLARLY -> Styles.scholarly();
        case QA -> Styles.qa();
        case STORY -> Styles.story();
        case DIALOGUE -> Styles.dialogue();
        case TEXTBOOK -> Styles.textbook(documents);
        case REVISED -> Styles.revised(Styles.hq());
        case PARAPHRASE -> Styles.paraphrase();
        case CONTINUATION -> Styles.continuation(OPENING_WORDS);
      };
    }
  }

  @Spec private CommandSpec command = CommandSpec.create();

  @Option(names = "--out", description = "directory for the corpus (default: ${DEFAULT-VALUE})")
  private Path out = Path.of("generated");

  @Option(
      names = "--source",
      paramLabel = "PATH",
      description = "text: " + StudyTextOptions.FORMATS + " (default: the text of the Quickstart)")
  private @Nullable Path source;

  @Mixin private TextReadingOptions reading = new TextReadingOptions();

  @Option(
      names = "--documents",
      description =
          "number of source documents to use, or of textbook chapters to write (default: ${DEFAULT-VALUE})")
  private int documents = 100;

  @Option(
      names = "--style",
      description =
          "${COMPLETION-CANDIDATES}; PARAPHRASE and CONTINUATION (with --weights or an n-gram model) work offline, the others need --endpoint (default: ${DEFAULT-VALUE})")
  private Way way = Way.PARAPHRASE;

  @Option(
      names = "--endpoint",
      description = "OpenAI-compatible address, such as http://localhost:8080/v1")
  private @Nullable URI endpoint;

  @Option(names = "--model", description = "name of the model at the endpoint")
  private @Nullable String model;

  @Option(
      names = "--weights",
      description =
          "folder of a model that continues openings (--style CONTINUATION): a run's model, or any Llama checkpoint with its tokenizer.json")
  private @Nullable Path weights;

  @Option(
      names = "--engine",
      description = "name of the engine for --weights, or auto (default: ${DEFAULT-VALUE})")
  private String engine = "auto";

  @Option(
      names = "--key-variable",
      description = "environment variable with the API key, if any (default: ${DEFAULT-VALUE})")
  private String keyVariable = "OPENAI_API_KEY";

  @Option(
      names = "--temperature",
      description = "sampling temperature at the endpoint (default: ${DEFAULT-VALUE})")
  private double temperature = 0.7;

  @Option(
      names = "--max-tokens",
      description = "largest number of tokens per answer (default: ${DEFAULT-VALUE})")
  private int maxTokens = 800;

  @Option(
      names = "--concurrency",
      description = "concurrent requests (default: 4, or the batch of the model in --weights)")
  private @Nullable Integer concurrency;

  @Option(
      names = "--judge",
      description = "keep only texts to which the model gives at least this score, 1 to 5")
  private @Nullable Integer judge;

  @Option(
      names = "--prices",
      arity = "2",
      description = "price in USD per million tokens read, and per million tokens written")
  private double @Nullable [] prices;

  @Option(names = "--budget", description = "largest total number of tokens read and written")
  private @Nullable Long budget;

  @Option(
      names = "--plan",
      description = "print the expected requests, tokens and cost without sending a request")
  private boolean planOnly;

  @Option(names = "--seed", description = "seed for the text (default: ${DEFAULT-VALUE})")
  private long seed = 1;

  @Override
  public Integer call() throws IOException {
    if (weights != null && way != Way.CONTINUATION) {
      throw new ParameterException(
          command.commandLine(),
          "--weights with --style " + way + "; expected --style CONTINUATION");
    }
    Optional<OpenAiEndpoint> languageModel = languageModel();
    try (CheckpointGenerator trained =
        weights == null ? null : CheckpointGenerator.open(engine, weights)) {
      Generation generation = generation(languageModel, trained);
      System.out.print(generation.plan(out));
      if (!planOnly) {
        make(generation);
      }
    } finally {
      languageModel.ifPresent(OpenAiEndpoint::close);
    }
    return 0;
  }

  private Generation generation(
      Optional<OpenAiEndpoint> languageModel, @Nullable CheckpointGenerator trained)
      throws IOException {
    Corpus corpus = corpus();
    Generation generation =
        Generation.of(corpus)
            .first(way == Way.TEXTBOOK ? Long.MAX_VALUE : documents)
            .style(way.style(documents))
            .by(languageModel.isPresent() ? languageModel.get() : offline(corpus, trained))
            .filters(filters())
            .maxTokens(maxTokens)
            .temperature(languageModel.isPresent() ? temperature : 1)
            .concurrency(
                concurrency != null ? concurrency : trained != null ? CheckpointGenerator.TEXTS : 4)
            .seed(seed);
    if (prices != null) {
      generation = generation.price(prices[0], prices[1], "USD");
    }
    return budget == null ? generation : generation.tokenBudget(budget);
  }

  private void make(Generation generation) throws IOException {
    Generated made;
    try (GenerationProgress progress = new GenerationProgress()) {
      made = generation.run(out, progress);
    }
    System.out.println(Files.readString(out.resolve("card.md")).split("\n## Filters", 2)[0]);
    System.out.println("corpus: " + out.resolve("documents.jsonl").toAbsolutePath().normalize());
    System.out.println("in a study: Corpus.jsonl(file).named(\"" + made.corpus().name() + "\")");
  }

  private Optional<OpenAiEndpoint> languageModel() {
    if (way.byLanguageModel && (endpoint == null || model == null)) {
      throw new ParameterException(
          command.commandLine(), "--style " + way + " needs --endpoint and --model");
    }
    if (endpoint == null || model == null) {
      return Optional.empty();
    }
    OpenAiEndpoint at = OpenAiEndpoint.at(endpoint, model);
    String key = System.getenv(keyVariable);
    return Optional.of(key == null || key.isBlank() ? at : at.key(key));
  }

  private Corpus corpus() {
    return source == null
        ? new StudyTextOptions().read(out.resolve("source")).natural()
        : reading.at(source).corpus();
  }

  private TextGenerator offline(Corpus corpus, @Nullable CheckpointGenerator trained)
      throws IOException {
    if (trained != null) {
      return trained.generator();
    }
    return way == Way.CONTINUATION
        ? NgramGenerator.train(Corpora.source(corpus), NGRAM)
        : DefaultCorpora.paraphraser();
  }

  private DraftFilter[] filters() {
    List<DraftFilter> filters = new ArrayList<>();
    if (way.byLanguageModel) {
      filters.add(Filters.whole());
      filters.add(Filters.leadIns());
      filters.add(Filters.refusals());
      filters.add(Filters.language());
    }
    if (way.byLanguageModel && way != Way.TEXTBOOK) {
      filters.add(Filters.lengthRatio(0.2, 3));
      filters.add(Filters.nearCopies(0.5));
    }
    if (judge != null) {
      filters.add(Filters.judge("true to the material, well written, of use to a learner", judge));
    }
    return filters.toArray(DraftFilter[]::new);
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new GenerateCorpus(), args));
  }
}
