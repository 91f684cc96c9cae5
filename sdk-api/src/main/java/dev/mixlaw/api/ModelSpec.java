package dev.mixlaw.api;

import dev.mixlaw.api.internal.Quantity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The shape of a Llama-style decoder. The decoder has RMSNorm, rotary position embeddings,
 * grouped-query attention and SwiGLU layers, but no biases. With QK-norm, it is a decoder of the
 * Qwen 3 architecture.
 *
 * @param name unique in a study
 * @param width width of the residual stream; {@code heads} times an even head size
 * @param layers number of blocks
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads; a divisor of {@code heads}
 * @param feedForward inner width of SwiGLU
 * @param context number of tokens in a training sequence, at least 2
 * @param vocabulary number of rows of the embedding matrix; if empty, the size of the tokenizer's
 *     vocabulary
 * @param tiedHead whether the output head shares the weights of the embedding
 * @param ropeTheta base of the rotary frequencies; above 1
 * @param normEpsilon term added to the mean square in RMSNorm; above 0 and below 1
 * @param qkNorm whether each head of the queries and keys is normalized; see {@link #withQkNorm}
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
    double normEpsilon,
    boolean qkNorm) {

  /** Default of {@link #context}, in tokens. */
  public static final int DEFAULT_CONTEXT = 256;

  private static final int MAX_WIDTH = 1 << 18;
  private static final int MAX_LAYERS = 1 << 14;
  private static final int MAX_CONTEXT = 1 << 24;
  private static final int MAX_LADDER_LAYERS = 64;
  private static final int MAX_LADDER_WIDTH = 8192;

  /** Checks that neither the name nor the vocabulary is null. */
  public ModelSpec {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(vocabulary, "vocabulary");
  }

  /**
   * Returns a decoder with the same number of key and value heads as query heads, a tied output
   * head and a context of {@value #DEFAULT_CONTEXT} tokens.
   */
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
        1e-5,
        false);
  }

  /**
   * Returns models of approximately the given sizes, each named after its size.
   *
   * <p>Widths are multiples of 32. The head size is 32 for widths below 512 and 64 for larger ones.
   * The inner width is 8/3 of the width. The ratio of width to layers grows slowly with size.
   *
   * @param sizes numbers of non-embedding parameters, such as {@code "1M"}
   * @throws IllegalArgumentException if a size is not a positive number with an optional k, M or B
   */
  public static List<ModelSpec> ladder(String... sizes) {
    return Arrays.stream(sizes).map(ModelSpec::nearest).toList();
  }

  private static ModelSpec nearest(String size) {
    long target = Quantity.parse("parameters", size);
    // Ratio of width to layers in published decoders: about 16 at 100k parameters, 64 at 10M, 128
    // at 1B.
    double aspect = Math.min(128, 16 * Math.pow(target / 1e5, 0.25));
    ModelSpec best = ofShape(size, 32, 1);
    double bestCost = Double.POSITIVE_INFINITY;
    for (int layers = 1; layers <= MAX_LADDER_LAYERS; layers++) {
      for (int width = 32; width <= MAX_LADDER_WIDTH; width += width < 512 ? 32 : 64) {
        ModelSpec candidate = ofShape(size, width, layers);
        double off = Math.abs(Math.log((double) candidate.nonEmbeddingParameters() / target));
        double cost = off + 0.1 * Math.abs(Math.log(width / (aspect * layers)));
        if (cost < bestCost) {
          best = candidate;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  private static ModelSpec ofShape(String name, int width, int layers) {
    int heads = width / (width < 512 ? 32 : 64);
    int feedForward = (int) (Math.round(width * 8 / 3.0 / 16) * 16);
    return of(name, width, layers, heads, feedForward);
  }

  /**
   * Returns all problems with this shape; empty if it is valid. Unrealistically large sizes are
   * also problems, because products of sizes must not overflow.
   */
  public List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    size(problems, "width", width, 1, MAX_WIDTH, "ModelSpec");
    size(problems, "layers", layers, 1, MAX_LAYERS, "ModelSpec");
    size(problems, "heads", heads, 1, MAX_WIDTH, "ModelSpec");
    size(
        problems,
        "key and value heads",
        keyValueHeads,
        1,
        MAX_WIDTH,
        "ModelSpec.withKeyValueHeads");
    size(problems, "feed-forward width", feedForward, 1, 4 * MAX_WIDTH, "ModelSpec");
    size(problems, "context", context, 2, MAX_CONTEXT, "ModelSpec.withContext");
    if (heads > 0 && width > 0 && (width % heads != 0 || headSize() % 2 != 0 || headSize() == 0)) {
      problem(
          problems,
          "width",
          width + " with " + heads + " heads",
          "heads times an even head size",
          "ModelSpec");
    }
    if (keyValueHeads > 0 && heads % keyValueHeads != 0) {
      problem(
          problems,
          "key and value heads",
          keyValueHeads + " for " + heads + " heads",
          "a divisor of the number of heads",
          "ModelSpec.withKeyValueHeads");
    }
    if (!(ropeTheta > 1 && ropeTheta < Double.POSITIVE_INFINITY)
        || !(normEpsilon > 0 && normEpsilon < 1)) {
      problem(
          problems,
          "rotary base, norm epsilon",
          ropeTheta + ", " + normEpsilon,
          "a base above 1, and an epsilon above 0 and below 1",
          "ModelSpec");
    }
    return List.copyOf(problems);
  }

  private void size(
      List<Problem> problems, String of, int actual, int least, int most, String fix) {
    if (actual < least || actual > most) {
      problem(problems, of, actual, least + " to " + most, fix);
    }
  }

  private void problem(
      List<Problem> problems, String of, Object actual, String expected, String fix) {
    problems.add(
        new Problem(
            "model " + name + ": " + of, String.valueOf(actual), expected, "change " + fix));
  }

  /** Returns a copy of this shape with the given name. */
  public ModelSpec named(String newName) {
    return with(newName, keyValueHeads, context, vocabulary, tiedHead, qkNorm);
  }

  /**
   * Returns a copy of this shape with the given number of tokens in a training sequence, at least
   * 2.
   */
  public ModelSpec withContext(int tokens) {
    return with(name, keyValueHeads, tokens, vocabulary, tiedHead, qkNorm);
  }

  /**
   * Returns a copy of this shape with the given number of rows of the embedding matrix, which must
   * be at least the size of the tokenizer's vocabulary.
   */
  public ModelSpec withVocabulary(int rows) {
    return with(name, keyValueHeads, context, OptionalInt.of(rows), tiedHead, qkNorm);
  }

  /**
   * Returns a copy of this shape with the given number of key and value heads, which must be a
   * divisor of {@link #heads}.
   */
  public ModelSpec withKeyValueHeads(int number) {
    return with(name, number, context, vocabulary, tiedHead, qkNorm);
  }

  /**
   * Returns a copy of this shape with an output head that shares the weights of the embedding
   * (tied) or has its own weights.
   */
  public ModelSpec withTiedHead(boolean tied) {
    return with(name, keyValueHeads, context, vocabulary, tied, qkNorm);
  }

  /**
   * Returns a copy of this shape with or without QK-norm: RMSNorm over each head of the queries and
   * keys, before the rotary position embeddings (Qwen 3, arXiv 2505.09388, section 2). All query
   * heads of a block share one weight vector of the size of a head, and so do all key heads. The
   * default is without QK-norm. QK-norm over all heads at once, as in OLMo 2, is not supported.
   */
  public ModelSpec withQkNorm(boolean normalized) {
    return with(name, keyValueHeads, context, vocabulary, tiedHead, normalized);
  }

  /** Returns the width of a head. */
  public int headSize() {
    return width / heads;
  }

  /** Returns the number of parameters without those of the embedding and the output head. */
  public long nonEmbeddingParameters() {
    long keyValueWidth = (long) keyValueHeads * headSize();
    long attention = 2L * width * width + 2L * width * keyValueWidth;
    return layers * (attention + 3L * width * feedForward) + normParameters();
  }

  private long normParameters() {
    return layers * (2L * width + (qkNorm ? 2L * headSize() : 0)) + width;
  }

  /**
   * Returns the number of all parameters.
   *
   * @param rows number of rows of the embedding matrix
   */
  public long parameters(int rows) {
    return nonEmbeddingParameters() + (tiedHead ? 1L : 2L) * rows * width;
  }

  /**
   * Returns the number of floating-point operations per training token, for forward and backward
   * pass.
   *
   * <p>The number is 6 per weight in a matrix product, plus 6·layers·context·width for causal
   * attention. The output head is counted; the embedding lookup is not.
   *
   * @param rows number of rows of the embedding matrix
   */
  public double trainingFlopsPerToken(int rows) {
    double products = nonEmbeddingParameters() - normParameters() + (double) rows * width;
    return 6 * products + 6.0 * layers * context * width;
  }

  private ModelSpec with(
      String name,
      int keyValueHeads,
      int context,
      OptionalInt vocabulary,
      boolean tiedHead,
      boolean qkNorm) {
    return new ModelSpec(
        name,
        width,
        layers,
        heads,
        keyValueHeads,
        feedForward,
        context,
        vocabulary,
        tiedHead,
        ropeTheta,
        normEpsilon,
        qkNorm);
  }
}
