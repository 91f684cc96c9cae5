package dev.mixlaw.eval.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.eval.Losses;
import dev.mixlaw.eval.Losses.DocumentLoss;
import dev.mixlaw.eval.Losses.DomainLoss;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StridedEvaluatorTest {
  private static final int END = 0;

  private final DomainEvaluator evaluator = new StridedEvaluator();

  private List<DomainLoss> evaluate(FakeModel model, int end, List<TokenizedText> domains) {
    return Losses.read(evaluator.evaluate(model, end, domains));
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(DomainEvaluator.class))
        .anyMatch(e -> e instanceof StridedEvaluator);
  }

  @Test
  void uniformModelCostsLogVocabularyPerToken() {
    // given a model that predicts a uniform distribution, and documents of which some exceed its
    // context
    FakeModel model = new FakeModel(8, (ids, from, t) -> Math.log(50));
    TokenizedText domain = domain("wiki", lengths(3, 8, 9, 40, 1));

    // when
    DomainLoss loss = evaluate(model, END, List.of(domain)).get(0);

    // then
    assertThat(loss.natsPerToken().value()).isCloseTo(Math.log(50), within(1e-6));
    assertThat(loss.natsPerToken().interval().low()).isCloseTo(Math.log(50), within(1e-6));
    assertThat(loss.documents().stream().mapToInt(DocumentLoss::tokens).sum())
        .isEqualTo(3 + 8 + 9 + 40 + 1);
  }

  @Test
  void scoresEachTokenExactlyOnce() {
    // given a model whose loss for a token is the token's id, and distinct ids
    FakeModel model = new FakeModel(7, (ids, from, t) -> ids[from + t + 1]);
    for (int length = 1; length <= 60; length++) {
      TokenizedText domain = domain("d", lengths(length));

      // when
      DomainLoss loss = evaluate(model, END, List.of(domain)).get(0);

      // then the loss of the document is the sum of all ids
      assertThat(loss.documents().get(0).nats())
          .as("document of %s tokens", length)
          .isEqualTo(Arrays.stream(domain.tokens(0)).sum());
    }
  }

  @Test
  void firstTokenIsGivenEndOfTextAndOthersTheirPredecessor() {
    // given a model whose loss is high for a token that does not follow its predecessor in the
    // document
    FakeModel model =
        new FakeModel(
            6,
            (ids, from, t) -> {
              int token = ids[from + t + 1];
              int before = ids[from + t];
              return before == (token % 1000 == 1 ? END : token - 1) ? 1 : 100;
            });

    // when
    List<DomainLoss> losses = evaluate(model, END, List.of(domain("d", lengths(1, 5, 6, 7, 50))));

    // then
    assertThat(losses.get(0).natsPerToken().value()).isEqualTo(1);
  }

  @Test
  void windowsGiveEachTokenAtLeastAQuarterOfAContext() {
    // given a model whose loss for a token is the number of tokens that it sees before it
    FakeModel model = new FakeModel(8, (ids, from, t) -> t + 1);

    // when documents of 8, 9 and 13 tokens are scored with a context of 8
    DomainLoss loss = evaluate(model, END, List.of(domain("d", lengths(8, 9, 13)))).get(0);

    // then the losses of the first window are 1 to 8, and those of a further window start at 3,
    // because it repeats two positions
    int first = 36;
    assertThat(loss.documents())
        .extracting(DocumentLoss::nats)
        .containsExactly((double) first, (double) first + 3, (double) first + 25);
  }

  @Test
  void aggregatesByTokensAndByBytesNotByDocuments() {
    // given 1 nat per token, and documents of 1 and 3 tokens with 10 and 20 bytes
    FakeModel model = new FakeModel(8, (ids, from, t) -> 1);
    TokenizedText domain = new Text("d", new int[][] {{5}, {5, 6, 7}}, new int[] {10, 20});

    // when
    DomainLoss loss = evaluate(model, END, List.of(domain)).get(0);

    // then
    assertThat(loss.natsPerToken().value()).isEqualTo(1);
    assertThat(loss.bitsPerByte().value()).isCloseTo(4 / (Math.log(2) * 30), within(1e-12));
    // bootstrap samples contain only the first document, only the second, or both, so the interval
    // ends at 0.1 and 0.15 nats per byte
    assertThat(loss.bitsPerByte().interval().low()).isCloseTo(0.1 / Math.log(2), within(1e-12));
    assertThat(loss.bitsPerByte().interval().high()).isCloseTo(0.15 / Math.log(2), within(1e-12));
  }

  @Test
  void emptyDocumentsCountNothingAndHarmNothing() {
    // given documents without text: one without any token, and one with an end-of-text token only
    FakeModel model = new FakeModel(4, (ids, from, t) -> 2);
    TokenizedText domain = new Text("d", new int[][] {{}, {END}, {4, 5, END}}, new int[] {0, 0, 6});

    // when
    DomainLoss loss = evaluate(model, END, List.of(domain)).get(0);

    // then
    assertThat(loss.documents()).hasSize(3);
    assertThat(loss.documents().get(0)).isEqualTo(new DocumentLoss(0, 0, 0));
    assertThat(loss.natsPerToken().value()).isEqualTo(2);
    assertThat(loss.bitsPerByte().value()).isCloseTo(8 / (Math.log(2) * 6), within(1e-12));
    assertThat(loss.bitsPerByte().interval().high()).isFinite();
  }

  @Test
  void oneDocumentIsADomain() {
    FakeModel model = new FakeModel(4, (ids, from, t) -> 3);

    DomainLoss loss = evaluate(model, END, List.of(domain("d", lengths(5)))).get(0);

    assertThat(loss.natsPerToken().value()).isEqualTo(3);
    assertThat(loss.natsPerToken().interval().low()).isEqualTo(3);
    assertThat(loss.natsPerToken().interval().high()).isEqualTo(3);
  }

  @Test
  void intervalCoversTheSpreadOfDocuments() {
    // given 100 documents of 10 tokens, whose loss per token has a standard deviation of 1
    SplittableRandom random = new SplittableRandom(7);
    int[][] documents = new int[100][10];
    for (int[] d : documents) {
      Arrays.fill(d, 1000 + (int) Math.round(100 * random.nextGaussian()));
    }
    int[] bytes = new int[100];
    Arrays.fill(bytes, 40);
    FakeModel model = new FakeModel(16, (ids, from, t) -> ids[from + t + 1] / 100.0);

    // when
    DomainLoss loss = evaluate(model, END, List.of(new Text("d", documents, bytes))).get(0);

    // then the interval is about ±1.96 standard errors, and the standard error is 0.1
    double width = loss.natsPerToken().interval().high() - loss.natsPerToken().interval().low();
    assertThat(width).isBetween(0.3, 0.5);
    assertThat(loss.natsPerToken().interval().contains(loss.natsPerToken().value())).isTrue();
  }

  @Test
  void batchesAreBoundedAndLittlePadded() {
    // given documents of very different lengths
    SplittableRandom random = new SplittableRandom(3);
    int[] lengths = random.ints(600, 1, 900).toArray();
    FakeModel model = new FakeModel(256, (ids, from, t) -> 1);

    // when
    evaluator.evaluate(model, END, List.of(domain("d", lengths(lengths))));

    // then
    assertThat(model.calls).allMatch(c -> c.rows * c.length <= 4096);
    long read = model.calls.stream().mapToLong(c -> (long) c.rows * c.length).sum();
    long needed = 0;
    for (int n : lengths) {
      int beyond = Math.max(0, n - 256);
      needed += n + 64L * ((beyond + 191) / 192);
    }
    assertThat((double) read / needed).isBetween(1.0, 1.05);
  }

  @Test
  void documentsBeyondOneChunkKeepTheirLosses() {
    // given more than two million tokens, of which about one million are in memory at a time
    FakeModel model = new FakeModel(512, (ids, from, t) -> 1);
    int[] lengths = {900_000, 10, 900_000, 5, 300_000};

    DomainLoss loss = evaluate(model, END, List.of(domain("d", lengths(lengths)))).get(0);

    assertThat(loss.documents())
        .extracting(DocumentLoss::nats)
        .containsExactly(900_000.0, 10.0, 900_000.0, 5.0, 300_000.0);
  }

  @Test
  void sameTextSameLossesToTheLastDigit() {
    FakeModel model = new FakeModel(16, (ids, from, t) -> Math.sin(ids[from + t + 1]) + 2);
    List<TokenizedText> domains = List.of(domain("a", lengths(5, 30)), domain("b", lengths(7)));

    assertThat(evaluate(model, END, domains))
        .isEqualTo(evaluate(model, END, domains))
        .extracting(DomainLoss::domain)
        .containsExactly("a", "b");
  }

  @Test
  void domainsWithoutTextAreNamedTogetherBeforeAnythingIsScored() {
    FakeModel model = new FakeModel(16, (ids, from, t) -> 1);
    TokenizedText none = new Text("none", new int[][] {}, new int[] {});
    TokenizedText blank = new Text("blank", new int[][] {{END}}, new int[] {0});

    assertThatThrownBy(
            () -> evaluator.evaluate(model, END, List.of(domain("ok", lengths(4)), none, blank)))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("domain none")
        .hasMessageContaining("domain blank");
    assertThat(model.calls).isEmpty();
  }

  @Test
  void lossThatIsNotFiniteNamesDomainAndDocument() {
    FakeModel model =
        new FakeModel(16, (ids, from, t) -> ids[from + t + 1] > 1000 ? Double.NaN : 1);

    assertThatThrownBy(() -> evaluator.evaluate(model, END, List.of(domain("web", lengths(4, 4)))))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContaining("domain web, document 1");
  }

  /**
   * Returns documents of the given lengths. The tokens of document d are 1000·d + 1, 1000·d + 2, …
   */
  private static int[][] lengths(int... lengths) {
    return IntStream.range(0, lengths.length)
        .mapToObj(d -> IntStream.rangeClosed(1, lengths[d]).map(i -> 1000 * d + i).toArray())
        .toArray(int[][]::new);
  }

  private static TokenizedText domain(String name, int[][] documents) {
    return new Text(
        name, documents, Arrays.stream(documents).mapToInt(d -> 4 * d.length).toArray());
  }

  private record Text(String name, int[][] ids, int[] sizes) implements TokenizedText {
    @Override
    public TextFacts facts() {
      return new TextFacts(
          name,
          CorpusKind.NATURAL,
          Optional.empty(),
          ids.length,
          Arrays.stream(ids).mapToLong(d -> d.length).sum(),
          Arrays.stream(sizes).asLongStream().sum(),
          0,
          "none");
    }

    @Override
    public int documents() {
      return ids.length;
    }

    @Override
    public int[] tokens(int document) {
      return ids[document].clone();
    }

    @Override
    public int bytes(int document) {
      return sizes[document];
    }
  }

  private interface Loss {
    /** Returns the loss of {@code ids[from + t + 1]} in the row that begins at {@code from}. */
    double of(int[] ids, int from, int t);
  }

  private record Call(int rows, int length) {}

  private static final class FakeModel implements LanguageModel {
    private final int context;
    private final Loss loss;
    private final List<Call> calls = new ArrayList<>();

    FakeModel(int context, Loss loss) {
      this.context = context;
      this.loss = loss;
    }

    @Override
    public int context() {
      return context;
    }

    @Override
    public int vocabulary() {
      return Integer.MAX_VALUE;
    }

    @Override
    public void losses(int[] ids, int rows, int length, int first, float[] nats) {
      assertThat(length).isBetween(1, context);
      assertThat(ids).hasSize(rows * (length + 1));
      assertThat(nats).hasSize(rows * (length - first));
      calls.add(new Call(rows, length));
      for (int r = 0; r < rows; r++) {
        for (int t = first; t < length; t++) {
          nats[r * (length - first) + t - first] = (float) loss.of(ids, r * (length + 1), t);
        }
      }
    }
  }
}
