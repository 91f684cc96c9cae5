package dev.mixlaw.api;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * The shape of a Llama-style decoder: RMSNorm, rotary positions, grouped-query attention, SwiGLU,
 * no biases.
 *
 * @param name unique in a study
 * @param width of the residual stream; {@code heads} times an even head size
 * @param layers number of blocks
 * @param heads query heads
 * @param keyValueHeads divides {@code heads}
 * @param feedForward inner width of SwiGLU
 * @param context tokens a training sequence has
 * @param vocabulary rows of the embedding; the tokenizer's size when empty
 * @param tiedHead whether the output head is the embedding
 * @param ropeTheta base of the rotary frequencies
 * @param normEpsilon added to the mean square
 */
public record ModelSpec(
    String name,
    int width,
    int layers,
    int heads,
    int keyValueHeads,
    int feedForward,
    int context,
    OptionalInt vocabulary,
    boolean tiedHead,
    double ropeTheta,
    double normEpsilon) {

  /** Default of {@link #context}. */
  public static final int DEFAULT_CONTEXT = 256;

  public ModelSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(vocabulary, "vocabulary");
  }

  /** A decoder with as many key and value heads as query heads, tied head and default context. */
  public static ModelSpec of(String name, int width, int layers, int heads, int feedForward) {
    return new ModelSpec(
        name,
        width,
        layers,
        heads,
        heads,
        feedForward,
        DEFAULT_CONTEXT,
        OptionalInt.empty(),
        true,
        10_000,
        1e-5);
  }

  /**
   * Models of about the given sizes in non-embedding parameters ({@code "1M"}), each named by what
   * was asked for.
   *
   * <p>Widths are multiples of 32, head sizes 32 below width 512 and 64 from there, the inner width
   * is 8/3 of the width, and width over layers grows slowly with size.
   */
  public static List<ModelSpec> ladder(String... sizes) {
    return Arrays.stream(sizes).map(Ladder::nearest).toList();
  }

  public ModelSpec named(String newName) {
    return with(d -> d.name = newName);
  }

  public ModelSpec withContext(int tokens) {
    return with(d -> d.context = tokens);
  }

  public ModelSpec withVocabulary(int rows) {
    return with(d -> d.vocabulary = OptionalInt.of(rows));
  }

  public ModelSpec withKeyValueHeads(int number) {
    return with(d -> d.keyValueHeads = number);
  }

  public ModelSpec withTiedHead(boolean tied) {
    return with(d -> d.tiedHead = tied);
  }

  private ModelSpec with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.model();
  }

  public int headSize() {
    return width / heads;
  }

  /** Parameters of the blocks and norms: all but the embedding and the output head. */
  public long nonEmbeddingParameters() {
    long keyValueWidth = (long) keyValueHeads * headSize();
    long attention = 2L * width * width + 2L * width * keyValueWidth;
    long block = attention + 3L * width * feedForward + 2L * width;
    return layers * block + width;
  }

  /** All parameters, with an embedding of {@code rows} tokens. */
  public long parameters(int rows) {
    return nonEmbeddingParameters() + (tiedHead ? 1L : 2L) * rows * width;
  }

  /**
   * Floating-point operations of training on one token, forward and backward: 6 a weight in matrix
   * products (the head counts, the embedding look-up does not), and causal attention's
   * 6·layers·context·width.
   */
  public double trainingFlopsPerToken(int rows) {
    long norms = (2L * layers + 1) * width;
    double products = nonEmbeddingParameters() - norms + (double) rows * width;
    return 6 * products + 6.0 * layers * context * width;
  }

  /** A shape that is being changed into another. */
  private static final class Draft {
    private final ModelSpec from;
    private String name;
    private int keyValueHeads;
    private int context;
    private OptionalInt vocabulary;
    private boolean tiedHead;

    Draft(ModelSpec of) {
      from = of;
      name = of.name;
      keyValueHeads = of.keyValueHeads;
      context = of.context;
      vocabulary = of.vocabulary;
      tiedHead = of.tiedHead;
    }

    ModelSpec model() {
      return new ModelSpec(
          name,
          from.width,
          from.layers,
          from.heads,
          keyValueHeads,
          from.feedForward,
          context,
          vocabulary,
          tiedHead,
          from.ropeTheta,
          from.normEpsilon);
    }
  }
}
