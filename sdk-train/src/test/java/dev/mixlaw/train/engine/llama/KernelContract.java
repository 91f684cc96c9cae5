package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The tests that the kernels of every device must pass. Each kernel is compared with its definition
 * in double precision, and its gradients with finite differences of the definition.
 */
abstract class KernelContract {
  /** The largest number of tokens in a sequence. */
  private static final int CONTEXT = 600;

  private final Random random = new Random(8);
  private Device device;

  abstract Platform platform();

  /** Returns the largest permitted relative error of a matrix product. */
  abstract double precision();

  @BeforeEach
  void open() {
    assumeTrue(platform().unavailable().isEmpty(), () -> platform().unavailable().toString());
    ModelSpec model = ModelSpec.of("kernels", 8, 1, 1, 8).withContext(CONTEXT);
    device = platform().open(new SessionSpec(model, 10, 1, Recipe.standard(), 1, 1));
  }

  @AfterEach
  void close() {
    if (device != null) {
      device.close();
    }
  }

  private float[] normal(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private Floats on(float... values) {
    // The array is a slice of a larger allocation, as in a decoder.
    Floats there = device.allocate(values.length + 5L).slice(3, values.length);
    device.write(values, there, values.length);
    return there;
  }

  private Ints ids(int... values) {
    Ints there = device.allocateIds(values.length);
    there.put(values, values.length);
    return there;
  }

  private float[] back(Floats values) {
    float[] here = new float[(int) values.length()];
    device.read(values, here, here.length);
    return here;
  }

  private void run(Consumer<DeviceKernels> call) {
    device.onEach(lane -> call.accept(device.kernels(lane)));
  }

  private static void same(float[] actual, double[] expected, double error) {
    double scale = 1; // Errors are relative to the largest value, because sums may cancel.
    for (double e : expected) {
      scale = Math.max(scale, Math.abs(e));
    }
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("value %d", i)
          .isCloseTo(expected[i], within(error * scale));
    }
  }

  private static double[] product(
      float[] a,
      int rowA,
      int stepA,
      float[] b,
      int columnB,
      int stepB,
      int rows,
      int columns,
      int inner,
      float[] before) {
    double[] to = new double[rows * columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        double sum = before.length == 0 ? 0 : before[r * columns + c];
        for (int i = 0; i < inner; i++) {
          sum += (double) a[r * rowA + i * stepA] * b[c * columnB + i * stepB];
        }
        to[r * columns + c] = sum;
      }
    }
    return to;
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 40, 33", "37, 64, 3", "130, 17, 259", "64, 300, 128"})
  void products(int rows, int in, int out) {
    float[] x = normal(rows * in);
    float[] w = normal(out * in);
    float[] dy = normal(rows * out);
    for (boolean add : new boolean[] {false, true}) {
      Floats dw = on(w);
      run(k -> k.linearWeight(on(dy), on(x), dw, rows, in, out, add));
      float[] before = add ? w : new float[0];
      same(back(dw), product(dy, 1, out, x, 1, in, out, in, rows, before), precision());
    }
    double[] forward = product(x, in, 1, w, in, 1, rows, out, in, new float[0]);
    double[] sum = product(x, in, 1, w, in, 1, rows, out, in, dy);
    Floats y = on(normal(rows * out));
    run(k -> k.linear(on(x), on(w), y, rows, in, out));
    same(back(y), forward, precision());
    Floats residual = on(dy);
    run(k -> k.residualLinear(on(x), on(w), residual, y, rows, in, out));
    same(back(y), sum, precision());
    assertThat(back(residual)).isEqualTo(dy);
    run(k -> k.residualLinear(on(x), on(w), residual, residual, rows, in, out));
    same(back(residual), sum, precision());
    Floats dx = on(new float[rows * in]);
    run(k -> k.linearInput(on(dy), on(w), dx, rows, in, out));
    same(back(dx), product(dy, out, 1, w, 1, in, rows, in, out, new float[0]), precision());
  }

  /** The result of a row is bit-identical at every position and for every number of rows. */
  @ParameterizedTest
  @CsvSource({"1, 1", "33, 40", "256, 172", "688, 256"})
  void productsOfRowsOfDifferentTexts(int in, int out) {
    float[] x = normal(64 * in);
    float[] w = normal(out * in);
    float[] before = normal(64 * out);
    Floats weights = on(w);
    Floats packed = device.allocate(DeviceKernels.packedLength(in, out));
    run(k -> k.pack(weights, packed, in, out));
    for (boolean add : new boolean[] {false, true}) {
      Floats all = on(before);
      run(k -> k.linearRows(on(x), weights, packed, all, 64, in, out, add));
      float[] expected = back(all);
      float[] sum = add ? before : new float[0];
      same(expected, product(x, in, 1, w, in, 1, 64, out, in, sum), precision());
      for (int rows = DeviceKernels.ROW_GROUP; rows < 64; rows += DeviceKernels.ROW_GROUP) {
        int from = random.nextInt(64 - rows);
        Floats some = on(Arrays.copyOfRange(before, from * out, (from + rows) * out));
        float[] part = Arrays.copyOfRange(x, from * in, (from + rows) * in);
        int n = rows;
        run(k -> k.linearRows(on(part), weights, packed, some, n, in, out, add));

        assertThat(back(some))
            .as("%d rows from %d on", rows, from)
            .isEqualTo(Arrays.copyOfRange(expected, from * out, (from + rows) * out));
      }
    }
  }

  /**
   * A device may cache a rounded copy of weights or activations. The cached copy must not outlive
   * the values.
   */
  @Test
  void productsUseTheLastWrittenValues() {
    int rows = 40;
    int in = 24;
    int out = 72;
    Floats w = device.allocateWeights(3 + (long) in * out).slice(3, (long) in * out);
    Floats x = device.allocateActivations((long) rows * in);
    Floats part = x.slice(8L * in, (long) (rows - 8) * in);
    Floats y = on(new float[rows * out]);
    Floats dx = on(new float[rows * in]);
    for (int round = 0; round < 3; round++) {
      float[] weights = normal(in * out);
      float[] values = normal(rows * in);
      float[] dy = normal(rows * out);
      if (round == 1) {
        Floats zeros = on(new float[in * out]);
        Floats square = on(new float[] {0});
        AdamWStep decay = new AdamWStep(1, 0.9, 0.95, 1e-8, 0.5, 1, 1, 1);
        float[] before = back(w);
        run(
            k ->
                k.adamW(
                    new DeviceKernels.Piece(
                        true, w, List.of(zeros), on(new float[in * out]), zeros),
                    square,
                    1,
                    decay));
        weights = back(w);
        assertThat(weights[7]).isEqualTo(before[7] / 2);
      } else {
        device.write(weights, w, weights.length);
      }
      Floats copied = on(values);
      run(k -> k.copyTails(copied, x, 1, rows, 0, in));
      float[] none = new float[0];
      run(k -> k.linear(x, w, y, rows, in, out));
      same(back(y), product(values, in, 1, weights, in, 1, rows, out, in, none), precision());
      run(k -> k.linear(part, w, y, rows - 8, in, out));
      float[] rest = Arrays.copyOfRange(values, 8 * in, rows * in);
      float[] some = Arrays.copyOf(back(y), (rows - 8) * out);
      same(some, product(rest, in, 1, weights, in, 1, rows - 8, out, in, none), precision());
      run(k -> k.linearInput(on(dy), w, dx, rows, in, out));
      same(back(dx), product(dy, out, 1, weights, 1, in, rows, in, out, none), precision());
    }
  }

  @Test
  void endsZerosAndEmbeddings() {
    float[] table = normal(9 * 4);
    Floats to = on(normal(14));
    run(k -> k.copyTails(on(table), to, 3, 3, 1, 2)); // copies the last two of three positions
    for (int s = 0; s < 3; s++) {
      assertThat(Arrays.copyOfRange(back(to), 4 * s, 4 * s + 4))
          .isEqualTo(Arrays.copyOfRange(table, 6 * s + 2, 6 * s + 6));
    }
    run(k -> k.zero(to, 3));
    assertThat(back(to)).startsWith(0, 0, 0, table[5]);

    Floats out = on(new float[12]);
    run(k -> k.embed(ids(8, 0, 8), 3, on(table), out, 4));
    for (int i = 0; i < 12; i++) {
      assertThat(back(out)[i]).isEqualTo(table[(i / 4 == 1 ? 0 : 32) + i % 4]);
    }
    Floats gradient = on(new float[36]);
    run(k -> k.embedBackward(ids(8, 0, 8), ids(1, 0, 2), 3, out, gradient, 4));
    assertThat(back(gradient)[33]).isEqualTo(2 * table[33]);
    assertThat(back(gradient)[1]).isEqualTo(table[1]);
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "9, 7", "300, 96", "2, 20000"})
  void norms(int rows, int width) {
    float[] x = normal(rows * width);
    float[] w = normal(width);
    float[] dy = normal(rows * width);
    Floats y = on(new float[rows * width]);
    Floats r = on(new float[rows]);
    run(k -> k.rmsNorm(on(x), on(w), y, r, rows, width, 1e-5));
    double[] expected = new double[rows * width];
    double[] dx = new double[rows * width];
    double[] dw = new double[width];
    for (int i = 0; i < rows; i++) {
      double squares = 0;
      double dot = 0;
      for (int j = i * width; j < (i + 1) * width; j++) {
        squares += (double) x[j] * x[j];
        dot += (double) dy[j] * w[j % width] * x[j];
      }
      double scale = 1 / Math.sqrt(squares / width + 1e-5);
      for (int j = i * width; j < (i + 1) * width; j++) {
        expected[j] = x[j] * scale * w[j % width];
        dx[j] = x[j] + scale * (dy[j] * w[j % width] - x[j] * scale * scale * dot / width);
        dw[j % width] += dy[j] * x[j] * scale;
      }
    }
    same(back(y), expected, 1e-5);

    for (boolean again : new boolean[] {false, true}) {
      Floats given = on(dy);
      Floats addedX = on(x);
      Floats addedW = on(new float[width]);
      run(k -> k.rmsNormBackward(given, on(x), on(w), r, addedX, addedW, rows, width, again));
      same(back(addedX), dx, 1e-5);
      same(back(addedW), dw, 1e-5);
      assertThat(back(given)).isEqualTo(again ? back(y) : dy);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 2, 1", "3, 1, 6, 9", "4, 2, 32, 70", "2, 2, 128, 300", "1, 1, 10000, 2"})
  void normsOfHeads(int query, int keyValue, int size, int rows) {
    AttentionHeads heads = new AttentionHeads(query, keyValue, size, 100, 1e-5);
    float[] x = normal(rows * heads.rowWidth());
    float[] w = normal(2 * size);
    float[] d = normal(x.length);
    float[] before = normal(2 * size);
    double[] y = new double[x.length];
    double[] dx = new double[x.length];
    double[] dw = new double[2 * size];
    for (int i = 0; i < dw.length; i++) {
      dw[i] = before[i];
    }
    for (int at = 0; at < x.length; at += size) {
      int head = at / size % (query + 2 * keyValue);
      int weight = head < query ? 0 : size;
      double squares = 0;
      double dot = 0;
      for (int i = 0; i < size; i++) {
        squares += (double) x[at + i] * x[at + i];
        dot += (double) d[at + i] * w[weight + i] * x[at + i];
      }
      double scale = 1 / Math.sqrt(squares / size + 1e-5);
      for (int i = 0; i < size; i++) {
        boolean value = head >= query + keyValue;
        y[at + i] = value ? x[at + i] : x[at + i] * scale * w[weight + i];
        double along = x[at + i] * scale * scale * dot / size;
        dx[at + i] = value ? d[at + i] : scale * (d[at + i] * w[weight + i] - along);
        dw[weight + i] += value ? 0 : d[at + i] * x[at + i] * scale;
      }
    }
    Floats projected = on(x);
    Floats to = on(new float[x.length]);
    run(k -> k.normalizeHeads(projected, on(w), to, heads, rows));
    same(back(to), y, 1e-5);
    assertThat(back(projected)).isEqualTo(x);
    Floats gradient = on(d);
    Floats ofWeights = on(before);
    run(k -> k.normalizeHeadsBackward(gradient, projected, on(w), ofWeights, heads, rows));
    same(back(gradient), dx, 1e-5);
    same(back(ofWeights), dw, 1e-5);
    float[] expected = back(to);
    run(k -> k.normalizeHeads(projected, on(w), projected, heads, rows));
    assertThat(back(projected)).as("in place").isEqualTo(expected);
  }

  /**
   * Covers one or several heads, with and without shared keys and values. The lengths are one
   * token, less than a tile, and several tiles.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 2, 1, 1",
    "1, 1, 8, 3, 5",
    "4, 2, 6, 2, 65",
    "3, 1, 4, 1, 200",
    "2, 2, 16, 1, 600",
    "1, 1, 8, 2, 64",
    "4, 2, 8, 9, 64",
    "6, 3, 8, 3, 192",
    "2, 2, 16, 1, 576"
  })
  void attention(int query, int keyValue, int size, int sequences, int length) {
    AttentionHeads heads = new AttentionHeads(query, keyValue, size, 10_000, 0);
    int rows = sequences * length;
    float[] qkv = normal(rows * heads.rowWidth());
    float[] dOut = normal(rows * query * size);
    Floats in = on(qkv);
    Floats sums = on(new float[rows * query]);
    Floats out = on(new float[rows * query * size]);
    Floats dQkv = on(normal(qkv.length));
    run(k -> k.attention(in, sums, out, new AttentionShape(heads, sequences, length)));
    run(
        k ->
            k.attentionBackward(
                on(dOut), out, in, sums, dQkv, new AttentionShape(heads, sequences, length)));

    double[] exact = new double[qkv.length];
    for (int i = 0; i < exact.length; i++) {
      exact[i] = qkv[i];
    }
    same(back(out), attended(exact, heads, sequences, length), 10 * precision());
    float[] gradient = back(dQkv);
    ToDoubleFunction<double[]> loss =
        x -> {
          double[] y = attended(x, heads, sequences, length);
          double sum = 0;
          for (int i = 0; i < y.length; i++) {
            sum += y[i] * dOut[i];
          }
          return sum;
        };
    for (int n = 0; n < (length > 100 ? 4 : 12); n++) {
      int i = random.nextInt(exact.length);
      double value = exact[i];
      exact[i] = value + 1e-4;
      double up = loss.applyAsDouble(exact);
      exact[i] = value - 1e-4;
      double down = loss.applyAsDouble(exact);
      exact[i] = value;
      assertThat((double) gradient[i])
          .isCloseTo((up - down) / 2e-4, within(Math.max(2e-4, 5 * precision())));
    }
  }

  /**
   * Generates two texts, of which one starts while the other continues. Each call processes some
   * tokens of each text.
   */
  @ParameterizedTest
  @CsvSource({"1, 1, 8", "6, 2, 4", "2, 2, 64"})
  void attentionOfNewTokens(int query, int keyValue, int size) {
    AttentionHeads heads = new AttentionHeads(query, keyValue, size, 100, 0);
    int length = 70;
    int capacity = 75;
    int width = heads.rowWidth();
    Floats keys = on(normal(3 * keyValue * capacity * size));
    Floats values = on(normal(3 * keyValue * capacity * size));
    int[] slots = {2, 0};
    float[][] texts = {normal(length * width), normal(length * width)};
    double[][] expected = new double[2][];
    for (int t = 0; t < 2; t++) {
      expected[t] = attended(rotated(texts[t], heads, length), heads, 1, length);
    }
    // The number of tokens of each text in each call.
    int[][] calls = {{3, 0}, {1, 60}, {0, 1}, {1, 1}, {65, 8}};
    int[] taken = new int[2];
    for (int[] counts : calls) {
      int rows = counts[0] + counts[1];
      float[] qkv = new float[rows * width];
      int[] places = new int[rows];
      double[] wanted = new double[rows * query * size];
      int row = 0;
      for (int t = 0; t < 2; t++) {
        for (int i = 0; i < counts[t]; i++) {
          System.arraycopy(texts[t], taken[t] * width, qkv, row * width, width);
          int each = query * size;
          System.arraycopy(expected[t], taken[t] * each, wanted, row * each, each);
          places[row++] = slots[t] * capacity + taken[t]++;
        }
      }
      Floats out = on(new float[rows * query * size]);
      run(k -> k.cachedAttention(on(qkv), keys, values, ids(places), out, heads, rows, capacity));

      same(back(out), wanted, 2e-5);
    }
    assertThat(taken).containsExactly(length, length);
  }

  private static double[] rotated(float[] x, AttentionHeads heads, int length) {
    int size = heads.size();
    double[] turned = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      turned[i] = x[i];
    }
    for (int t = 0; t < length; t++) {
      for (int head = 0; head < heads.query() + heads.keyValue(); head++) {
        for (int i = 0; i < size / 2; i++) {
          int at = t * heads.rowWidth() + head * size + i;
          double angle = t * Math.pow(heads.ropeTheta(), -2.0 * i / size);
          turned[at] = x[at] * Math.cos(angle) - x[at + size / 2] * Math.sin(angle);
          turned[at + size / 2] = x[at + size / 2] * Math.cos(angle) + x[at] * Math.sin(angle);
        }
      }
    }
    return turned;
  }

  private static double[] attended(double[] x, AttentionHeads heads, int sequences, int length) {
    int width = heads.rowWidth();
    int size = heads.size();
    double[] out = new double[sequences * length * heads.query() * size];
    double[] p = new double[length];
    for (int s = 0; s < sequences; s++) {
      for (int h = 0; h < heads.query(); h++) {
        int key = (heads.query() + h / heads.group()) * size;
        int value = key + heads.keyValue() * size;
        for (int t = 0; t < length; t++) {
          double sum = 0;
          for (int u = 0; u <= t; u++) {
            double dot = 0;
            for (int i = 0; i < size; i++) {
              dot +=
                  x[(s * length + t) * width + h * size + i]
                      * x[(s * length + u) * width + key + i];
            }
            p[u] = Math.exp(dot / Math.sqrt(size));
            sum += p[u];
          }
          for (int u = 0; u <= t; u++) {
            for (int i = 0; i < size; i++) {
              out[((s * length + t) * heads.query() + h) * size + i] +=
                  p[u] / sum * x[(s * length + u) * width + value + i];
            }
          }
        }
      }
    }
    return out;
  }

  /**
   * A rotation preserves the norm, its inverse restores the input, and the attention values are not
   * rotated.
   */
  @Test
  void rotations() {
    AttentionHeads heads = new AttentionHeads(3, 1, 6, 100, 0);
    float[] x = normal(2 * 7 * heads.rowWidth());
    Floats there = on(x);
    run(k -> k.rope(there, new AttentionShape(heads, 2, 7), false));
    float[] turned = back(there);
    int at = (7 + 3) * heads.rowWidth() + 6;
    for (int i = 0; i < 3; i++) {
      double angle = 3 * Math.pow(100, -2.0 * i / 6);
      double expected = x[at + i] * Math.cos(angle) - x[at + 3 + i] * Math.sin(angle);
      assertThat((double) turned[at + i]).isCloseTo(expected, within(1e-5));
      assertThat(turned[at + 18 + i]).as("a value").isEqualTo(x[at + 18 + i]);
    }
    run(k -> k.rope(there, new AttentionShape(heads, 2, 7), true));
    double[] before = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      before[i] = x[i];
    }
    same(back(there), before, 1e-6);
  }

  @Test
  void gatedUnits() {
    int width = 333;
    int rows = 41;
    float[] gateUp = normal(rows * 2 * width);
    float[] dOut = normal(rows * width);
    Floats out = on(new float[rows * width]);
    Floats gradient = on(new float[rows * 2 * width]);
    run(k -> k.swiglu(on(gateUp), out, rows, width));
    double[] expected = new double[rows * width];
    double[] d = new double[rows * 2 * width];
    for (int i = 0; i < expected.length; i++) {
      int at = i / width * 2 * width + i % width;
      double gate = gateUp[at];
      double up = gateUp[at + width];
      double sigmoid = 1 / (1 + Math.exp(-gate));
      expected[i] = gate * sigmoid * up;
      d[at] = dOut[i] * up * sigmoid * (1 + gate * (1 - sigmoid));
      d[at + width] = dOut[i] * gate * sigmoid;
    }
    same(back(out), expected, 1e-5);
    for (boolean again : new boolean[] {false, true}) {
      Floats given = on(dOut);
      run(k -> k.swigluBackward(on(gateUp), given, gradient, rows, width, again));
      same(back(gradient), d, 1e-5);
      assertThat(back(given)).isEqualTo(again ? back(out) : dOut);
    }
  }

  /**
   * Covers logits of moderate and of very large size, and a label whose probability is almost 0.
   */
  @ParameterizedTest
  @CsvSource({"1, 2, 1", "30, 1000, 3", "5, 20000, 1", "4, 50, 60"})
  void crossEntropies(int rows, int vocabulary, double size) {
    float[] logits = normal(rows * vocabulary);
    int[] labels = random.ints(rows + 1L, 0, vocabulary).toArray();
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= (float) size;
    }
    Floats there = on(logits);
    Floats nats = on(new float[rows + 2]);
    run(k -> k.crossEntropy(there, ids(labels), 1, rows, vocabulary, 0.5, nats, 2));
    double[] d = new double[logits.length];
    for (int r = 0; r < rows; r++) {
      double max = Double.NEGATIVE_INFINITY;
      double sum = 0;
      for (int v = 0; v < vocabulary; v++) {
        max = Math.max(max, logits[r * vocabulary + v]);
      }
      for (int v = 0; v < vocabulary; v++) {
        sum += Math.exp(logits[r * vocabulary + v] - max);
      }
      int label = r * vocabulary + labels[r + 1];
      double expected = Math.log(sum) + max - logits[label];
      assertThat((double) back(nats)[r + 2]).isCloseTo(expected, within(1e-5 * (1 + expected)));
      for (int v = 0; v < vocabulary; v++) {
        d[r * vocabulary + v] = 0.5 * Math.exp(logits[r * vocabulary + v] - max) / sum;
      }
      d[label] -= 0.5;
    }
    same(back(there), d, 2e-5);
  }

  @Test
  void gradientsAreAddedAndMeasured() {
    float[] a = normal(50_000);
    float[] b = normal(50_000);
    Floats sum = on(a);
    Floats squares = on(new float[3]);
    run(k -> k.reduce(List.of(sum, on(b)), 50_000, squares, 2));
    double[] expected = new double[a.length];
    double total = 0;
    for (int i = 0; i < a.length; i++) {
      expected[i] = (double) a[i] + b[i];
      total += expected[i] * expected[i];
    }
    same(back(sum), expected, 1e-6);
    assertThat((double) back(squares)[2]).isCloseTo(total, within(1e-5 * total));
  }
}
