package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.generate.builtin.Filters;
import dev.mixlaw.mix.generate.builtin.Styles;
import dev.mixlaw.mix.synthetic.NgramGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private final Events events = new Events();
  private final List<Duration> pauses = new ArrayList<>();

  /** Counts the events that it receives. */
  private static final class Events implements GenerationListener {
    private int finished;
    private int retries;
    private int refusals;
    private double cost;

    @Override
    public void answered(boolean earlier, long requests, long tokens, double sum) {
      cost = sum;
    }

    @Override
    public void retrying(String reason, int attempt, Duration pause) {
      retries++;
    }

    @Override
    public void refused(String document, String by, String reason) {
      refusals++;
    }

    @Override
    public void finished(String document, long documents) {
      finished++;
    }
  }

  private static Corpus corpus(int documents) {
    List<Document> all =
        IntStream.range(0, documents)
            .mapToObj(
                i ->
                    new Document(
                        "d" + i,
                        "First sentence of number "
                            + i
                            + ".\n\nSecond sentence of number "
                            + i
                            + "."))
            .toList();
    return Corpus.documents("web", () -> DocumentStream.of(all));
  }

  private static FakeGenerator upper() {
    return new FakeGenerator("upper", prompt -> prompt.toUpperCase(Locale.ROOT));
  }

  /** Returns a generation that paraphrases each sentence as a passage of its own. */
  private Generation paraphrase(int documents, FakeGenerator by) {
    return Generation.of(corpus(documents))
        .style(Styles.paraphrase())
        .from(Styles.passages(10))
        .by(by)
        .seed(7)
        .sleeper(
            (pause, stop) -> {
              synchronized (pauses) {
                pauses.add(pause);
              }
              return stop.getCount() == 0;
            });
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }

  private List<JsonNode> records() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("documents.jsonl"))) {
      all.add(JSON.readTree(line));
    }
    return all;
  }

  @Test
  void writesDocumentsWithTheirRecords() throws IOException {
    FakeGenerator generator = upper();

    Generated made = paraphrase(3, generator).price(1, 2, "EUR").run(directory, events);

    assertThat(made.corpus().kind()).isEqualTo(CorpusKind.REPHRASED);
    assertThat(made.corpus().generator()).contains("upper");
    assertThat(made.corpus().name()).isEqualTo("web-paraphrase");
    assertThat(read(made.corpus()))
        .extracting(Document::text)
        .containsExactly(
            "FIRST SENTENCE OF NUMBER 0.\n\nSECOND SENTENCE OF NUMBER 0.",
            "FIRST SENTENCE OF NUMBER 1.\n\nSECOND SENTENCE OF NUMBER 1.",
            "FIRST SENTENCE OF NUMBER 2.\n\nSECOND SENTENCE OF NUMBER 2.");
    assertThat(generator.prompts).hasSize(6);
    assertThat(generator.settings).doesNotHaveDuplicates();
    JsonNode record = records().get(1).get("made");
    assertThat(record.get("generator").asText()).isEqualTo("upper");
    assertThat(record.at("/generator_parameters/kind").asText()).isEqualTo("fake");
    assertThat(record.get("source_corpus").asText()).isEqualTo("web");
    assertThat(record.get("source_document").asText()).isEqualTo("d1");
    assertThat(record.get("prompt_sha256").asText()).matches("[0-9a-f]{64}");
    assertThat(record.get("requests").asInt()).isEqualTo(2);
    assertThat(record.get("prompt_tokens").asInt()).isEqualTo(200);
    assertThat(record.get("cost").asDouble()).isEqualTo((200 + 2 * (27 + 28)) / 1e6);
    assertThat(record.get("currency").asText()).isEqualTo("EUR");
    assertThat(made.card().spent().requests()).isEqualTo(6);
    assertThat(made.card().complete()).isTrue();
    assertThat(events.finished).isEqualTo(3);
  }

  @Test
  void resultsDoNotDependOnTheNumberOfThreads() throws IOException {
    paraphrase(200, upper()).run(directory.resolve("one"), GenerationListener.none());
    paraphrase(200, upper())
        .concurrency(8)
        .run(directory.resolve("eight"), GenerationListener.none());

    for (String file : List.of("documents.jsonl", "card.json", "card.md")) {
      assertThat(directory.resolve("eight").resolve(file))
          .hasSameTextualContentAs(directory.resolve("one").resolve(file));
    }
  }

  @Test
  void aSecondRunSendsNoRequests() {
    Generation generation = paraphrase(5, upper());
    DataCard card = generation.run(directory, GenerationListener.none()).card();
    FakeGenerator silent = upper().failing("", 100, Failure.GENERATOR);

    GenerationPlan plan = paraphrase(5, silent).plan(directory);
    DataCard again = paraphrase(5, silent).run(directory, events).card();

    assertThat(silent.prompts).isEmpty();
    assertThat(again).isEqualTo(card);
    assertThat(plan.requests()).isEqualTo(10);
    assertThat(plan.requestsLeft()).isZero();
  }

  @Test
  void changedSettingsCauseNewRequests() {
    paraphrase(1, upper()).run(directory, GenerationListener.none());
    List<Generation> others =
        List.of(
            paraphrase(1, upper()).seed(8),
            paraphrase(1, upper()).temperature(0.5),
            paraphrase(1, upper()).maxTokens(99),
            paraphrase(1, new FakeGenerator("other", String::toLowerCase)),
            paraphrase(1, upper()).style(Styles.easy()));

    assertThat(others)
        .allSatisfy(other -> assertThat(other.plan(directory).requestsLeft()).isEqualTo(2));
    assertThat(paraphrase(1, upper()).plan(directory).requestsLeft()).isZero();
  }

  @Test
  void transientFailuresAreRetriedAfterGrowingPauses() {
    FakeGenerator generator = upper().failing("First sentence of number 1", 3, Failure.UNAVAILABLE);

    Generated made = paraphrase(2, generator).run(directory, events);

    assertThat(made.card().documents()).isEqualTo(2);
    assertThat(generator.prompts).hasSize(4 + 3);
    assertThat(pauses).hasSize(3).isSorted();
    assertThat(pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofMillis(1000));
    assertThat(pauses.get(2)).isBetween(Duration.ofMillis(2000), Duration.ofMillis(4000));
    assertThat(events.retries).isEqualTo(3);
  }

  @Test
  void emptyAnswersAreRetriedWithAnotherSeed() throws IOException {
    FakeGenerator generator = new FakeGenerator("upper", p -> p.toUpperCase(Locale.ROOT));
    generator
        .answering("Second sentence of number 1", "", " \n")
        .failing("First sentence of number 0", 2, Failure.UNAVAILABLE);

    paraphrase(2, generator).run(directory, events);

    List<Long> asked = generator.seeds("Second sentence of number 1");
    assertThat(asked).hasSize(3).doesNotHaveDuplicates();
    assertThat(generator.seeds("First sentence of number 0"))
        .as("a request without an answer keeps its seed")
        .hasSize(3)
        .containsOnly(generator.seeds("First sentence of number 0").get(0));
    assertThat(records().get(1).at("/made/seeds_after_useless_answers"))
        .extracting(JsonNode::asLong)
        .containsExactly(asked.get(2));
    assertThat(records().get(0).get("made").has("seeds_after_useless_answers")).isFalse();

    FakeGenerator again = upper();
    String documents = Files.readString(directory.resolve("documents.jsonl"));
    paraphrase(2, again).run(directory, events);

    assertThat(again.prompts).as("stored under the seed of the request").isEmpty();
    assertThat(directory.resolve("documents.jsonl")).hasContent(documents);
  }

  @Test
  void aRunContinuesAfterTheGeneratorWasUnavailable() {
    FakeGenerator down = upper().failing("number 1", 1000, Failure.UNAVAILABLE);

    assertThatThrownBy(() -> paraphrase(3, down).run(directory, GenerationListener.none()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("corpus web-paraphrase, generator upper")
        .hasMessageContaining("failed by the test (attempt 6 of 6)")
        .hasMessageContaining("resumes from the stored answers");
    assertThat(down.prompts).hasSize(2 + 6);
    assertThat(directory.resolve("documents.jsonl")).doesNotExist();
    FakeGenerator up = upper();
    assertThat(paraphrase(3, up).run(directory, GenerationListener.none()).card().documents())
        .isEqualTo(3);
    assertThat(up.prompts).hasSize(4);
  }

  @Test
  void aGeneratorThatRefusesEverythingGetsOneRequest() {
    FakeGenerator refusing = upper().failing("", 1000, Failure.GENERATOR);

    assertThatThrownBy(() -> paraphrase(30, refusing).run(directory, GenerationListener.none()))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.GENERATOR));
    assertThat(refusing.prompts).hasSize(1);
  }

  @Test
  void aRefusedPromptLeavesOutItsPassageOnly() throws IOException {
    FakeGenerator generator = upper().failing("Second sentence of number 0", 1, Failure.PROMPT);

    Generated made = paraphrase(2, generator).run(directory, events);

    assertThat(read(made.corpus()).get(0).text()).isEqualTo("FIRST SENTENCE OF NUMBER 0.");
    assertThat(made.card().refused())
        .containsOnlyKeys("generator")
        .extractingByKey("generator")
        .isEqualTo(new DataCard.Refusals(1, List.of("d0: failed by the test")));
    assertThat(records().get(0).at("/made/parts_kept").asInt()).isEqualTo(1);
    assertThat(generator.prompts).hasSize(4);
  }

  @Test
  void aRequestRefusedForUnknownReasonsIsThePromptsFaultIfOthersWereAnswered() {
    FakeGenerator first = upper().failing("First sentence of number 0", 1, Failure.REFUSED);
    assertThatThrownBy(() -> paraphrase(2, first).run(directory, GenerationListener.none()))
        .hasMessageContaining("failed by the test");
    FakeGenerator second = upper().failing("Second sentence of number 0", 2, Failure.REFUSED);

    DataCard card = paraphrase(2, second).run(directory, GenerationListener.none()).card();

    assertThat(card.refused()).containsOnlyKeys("generator");
    assertThat(card.documents()).isEqualTo(2);
    assertThat(paraphrase(2, second).run(directory, GenerationListener.none()).card())
        .as("another run finds the stored answers")
        .isEqualTo(card);
    FakeGenerator all = upper().failing("number", 1000, Failure.REFUSED);
    assertThatThrownBy(() -> paraphrase(50, all).run(directory, GenerationListener.none()))
        .hasMessageContaining("failed by the test");
    assertThat(all.prompts).hasSizeLessThan(20);
  }

  @ParameterizedTest
  @CsvSource({
    "-1000000, 5",
    "9223372036854775807, 9223372036854775807",
    "0, 2147483647",
    "5, -3",
    "1000000, 5"
  })
  void impossibleCountsOfTokensAreReplacedByEstimates(long prompt, long written) {
    FakeGenerator wrong = upper().counting(prompt, written);
    FakeGenerator right = upper().counting(7, 7);
    long most = 20 * 7 * 2;

    DataCard card =
        paraphrase(20, wrong)
            .tokenBudget(most)
            .maxTokens(20)
            .run(directory, GenerationListener.none())
            .card();
    DataCard same =
        paraphrase(20, right)
            .tokenBudget(most)
            .maxTokens(20)
            .run(directory.resolve("right"), GenerationListener.none())
            .card();

    assertThat(card.spent().estimated()).isTrue();
    assertThat(same.spent().estimated()).isFalse();
    assertThat(card.spent().requests()).isBetween(10L, same.spent().requests() + 5);
    assertThat(card.spent().promptTokens()).isBetween(50L, most);
    assertThat(card.complete()).isFalse();
  }

  @Test
  void unansweredDraftsAreLeftOutUpToTheirLimit() {
    FakeGenerator flaky = upper().failing("First sentence of number 0", 6, Failure.UNAVAILABLE);

    Generated made =
        paraphrase(2, flaky).unansweredLimit(1).run(directory, GenerationListener.none());

    assertThat(made.card().refused()).containsOnlyKeys("unanswered");
    assertThat(made.card().documents()).isEqualTo(2);
  }

  @Test
  void refusedDraftsAreCountedByFilterWithReasons() throws IOException {
    FakeGenerator generator =
        new FakeGenerator(
            "g", p -> p.contains("number 1") ? "I'm sorry, I can't do that." : p + " X");

    Generated made = paraphrase(2, generator).filters(Filters.refusals()).run(directory, events);

    assertThat(made.card().documents()).isEqualTo(1);
    assertThat(made.card().refusedDocuments()).isEqualTo(1);
    assertThat(made.card().refused().get("refusals").drafts()).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("card.md")))
        .contains("| refusals | 2 | d1: says \"I'm sorry, I can't\"");
    assertThat(events.refusals).isEqualTo(2);
  }

  @Test
  void reportsWhyNoDocumentIsLeft() {
    assertThatThrownBy(
            () ->
                paraphrase(2, new FakeGenerator("g", p -> p))
                    .filters(Filters.nearCopies(0.5))
                    .run(directory, GenerationListener.none()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("no document is left of 4 drafts")
        .hasMessageContaining("refused: 4 by near-copies, such as ");
  }

  @Test
  void keepsFinishedDocumentsWhenTheBudgetIsSpent() {
    // a request takes 100 tokens for the prompt and 27 or 28 for the text; 100 + 50 are reserved
    // for it
    FakeGenerator generator = upper();
    Generation generation = paraphrase(10, generator).maxTokens(50).tokenBudget(1000);

    Generated made = generation.run(directory, GenerationListener.none());

    assertThat(made.card().complete()).isFalse();
    assertThat(made.card().documents()).isEqualTo(3);
    assertThat(made.card().spent().promptTokens() + made.card().spent().writtenTokens())
        .isLessThanOrEqualTo(1000);
    assertThat(generator.prompts).hasSize(7);
    assertThat(generation.plan(directory).warnings()).isNotEmpty();
    Generated more =
        generation.tokenBudget(Long.MAX_VALUE).run(directory, GenerationListener.none());
    assertThat(more.card().documents()).isEqualTo(10);
    assertThat(generator.prompts).hasSize(20);
  }

  @Test
  void aCostBudgetIsMetByManyThreads() {
    FakeGenerator generator = upper();

    Generated made =
        paraphrase(50, generator)
            .maxTokens(30)
            .concurrency(4)
            .price(1000, 1000, "USD")
            .costBudget(5)
            .run(directory, events);

    assertThat(made.card().complete()).isFalse();
    assertThat(events.cost).isBetween(4.5, 5.0);
  }

  @Test
  void thePlanAgreesWithTheRun() {
    FakeGenerator generator = upper();
    Generation generation = paraphrase(4, generator).maxTokens(50).price(10, 20, "USD");

    GenerationPlan plan = generation.plan();

    assertThat(generator.prompts).isEmpty();
    assertThat(plan.documents()).isEqualTo(4);
    assertThat(plan.drafts()).isEqualTo(8);
    assertThat(plan.requests()).isEqualTo(8);
    assertThat(plan.promptTokensLeft()).isEqualTo(8 * 7);
    assertThat(plan.mostTokensLeft()).isEqualTo(8 * 50);
    assertThat(plan.mostCostLeft()).isEqualTo((56 * 10 + 400 * 20) / 1e6);
    assertThat(plan.toString()).contains("4 documents of 8 drafts, 8 requests", "USD");
    assertThat(generation.run(directory, GenerationListener.none()).card().spent().requests())
        .isEqualTo(8);
  }

  @Test
  void doesNotOverwriteAnotherCorpus() {
    paraphrase(1, upper()).run(directory, GenerationListener.none());

    assertThatThrownBy(
            () ->
                paraphrase(1, upper())
                    .style(Styles.easy())
                    .run(directory, GenerationListener.none()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("corpus web-paraphrase")
        .hasMessageContaining("or one with corpus web-easy");
    assertThat(
            paraphrase(1, upper())
                .temperature(0.1)
                .run(directory, GenerationListener.none())
                .card()
                .documents())
        .isEqualTo(1);
  }

  @Test
  void generatorsTrainedOnOtherTextGetNewRequests() {
    Generation first = continued(1).by(NgramGenerator.train(source(3), 2));
    first.run(directory, GenerationListener.none());

    assertThat(first.plan(directory).requestsLeft()).isZero();
    assertThat(continued(1).by(NgramGenerator.train(source(4), 2)).plan(directory).requestsLeft())
        .isEqualTo(1);
  }

  private static Generation continued(int documents) {
    return Generation.of(corpus(documents)).style(Styles.continuation(2)).maxTokens(5).seed(1);
  }

  private static DocumentSource source(int documents) {
    return () -> Corpora.open(corpus(documents));
  }

  @Test
  void reportsFailuresOfSelfInstruct() {
    FakeGenerator generator =
        new FakeGenerator("g", p -> "1. Explain the word " + Math.abs(p.hashCode()) + " to me.")
            .failing("Explain the word", 1, Failure.GENERATOR);
    Generation generation =
        Generation.of(Styles.seedTasks()).style(Styles.selfInstruct(400)).by(generator).seed(1);

    assertThatThrownBy(() -> generation.run(directory, GenerationListener.none()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("failed by the test");
  }

  @Test
  void aSourceWithoutMaterialIsNamed() {
    Generation generation =
        Generation.of(Styles.seedTasks())
            .style(Styles.selfInstruct(5))
            .by(new FakeGenerator("g", p -> "no list"))
            .seed(1);

    assertThatThrownBy(() -> generation.run(directory, GenerationListener.none()))
        .hasMessageContaining("the source provides no material: 5 tasks thought up by");
  }

  @Test
  void selfInstructInventsAndSolvesTasks() {
    FakeGenerator generator =
        new FakeGenerator(
            "g",
            p ->
                p.contains("Think up")
                    ? "1. Describe item " + Math.abs(p.hashCode()) + " in " + p.length() + " words"
                    : "Solved: " + p);
    Generation generation =
        Generation.of(Styles.seedTasks()).style(Styles.selfInstruct(5)).by(generator).seed(1);

    Generated made = generation.run(directory, GenerationListener.none());

    assertThat(made.card().documents()).isBetween(2L, 5L);
    assertThat(read(made.corpus()))
        .allSatisfy(d -> assertThat(d.text()).startsWith("Describe item").contains("\n\nSolved: "));
    assertThat(made.card().spent().requests()).isEqualTo(generator.prompts.size());
    assertThat(generation.plan(directory).requestsLeft()).isZero();
  }

  @Test
  void anInterruptEndsTheRun() {
    FakeGenerator generator = upper();

    assertThatThrownBy(
            () ->
                paraphrase(100, generator)
                    .run(
                        directory,
                        new GenerationListener() {
                          @Override
                          public void finished(String document, long documents) {
                            Thread.currentThread().interrupt();
                          }
                        }))
        .isInstanceOf(CancellationException.class)
        .hasMessageContaining("run it again");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void unpairedSurrogatesAreReplaced() {
    Generation generation = paraphrase(1, new FakeGenerator("odd", p -> "half \ud83d of one"));
    generation.run(directory, GenerationListener.none());

    Generated again = generation.run(directory, GenerationListener.none());

    assertThat(read(again.corpus()).get(0).text())
        .isEqualTo("half \ufffd of one\n\nhalf \ufffd of one");
  }

  @Test
  void firstLimitsTheDocuments() {
    Generated made = paraphrase(10, upper()).first(3).run(directory, GenerationListener.none());

    assertThat(made.card().documents()).isEqualTo(3);
    assertThat(made.card().source().documents()).isEqualTo(3);
  }

  @Test
  void reportsAllProblemsOfADescription() {
    assertThatThrownBy(() -> Generation.of(corpus(1)).concurrency(0).costBudget(3).plan())
        .isInstanceOfSatisfying(
            MixlawException.class,
            e ->
                assertThat(e.problems())
                    .extracting(p -> p.fix())
                    .containsExactly(
                        "change Generation.style",
                        "change Generation.by",
                        "change Generation.seed",
                        "change Generation.concurrency",
                        "change Generation.price or costBudget"));
  }

  @Test
  void anExceptionOfTheListenerEndsAllThreads() {
    FakeGenerator generator = upper();

    assertThatThrownBy(
            () ->
                paraphrase(100, generator)
                    .concurrency(4)
                    .run(
                        directory,
                        new GenerationListener() {
                          @Override
                          public void answered(
                              boolean earlier, long requests, long tokens, double cost) {
                            throw new IllegalStateException("enough");
                          }
                        }))
        .hasMessage("enough");
    assertThat(generator.prompts).hasSizeLessThanOrEqualTo(8);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("mixlaw-generate"));
  }
}
