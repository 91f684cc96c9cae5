package dev.mixlaw.train.engine.vector;

import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The operations of a decoder, except matrix products, on direct buffers. Blocks that fit in the
 * cache are copied to {@code float[]}, because the JIT compiler C2 vectorizes loops over arrays.
 * Loops over off-heap memory are not vectorized and take 13 times as long. A copy takes 0.1 ns per
 * value.
 *
 * <p>Matrices are dense and row-major. Each row belongs to one token, and the tokens of a sequence
 * are consecutive rows. Sums are computed in a fixed order, so results are bit-identical. Memory is
 * allocated only for blocks, which grow with the widest row. Instances are not thread-safe.
 */
public final class RowKernels {
  /** Number of values in a block (64 KB). A few blocks fit in the second-level cache. */
  private static final int BLOCK = 16 * 1024;

  /** Number of values in a small block (16 KB). Several fit in the first-level cache. */
  private static final int CACHED = 4 * 1024;

  /** Maximum number of values that are summed in single precision. */
  private static final int SHORT = 1024;

  private float[] a = new float[BLOCK];
  private float[] b = new float[BLOCK];
  private float[] c = new float[BLOCK];
  private float[] d = new float[BLOCK];
  private float[] tile = new float[0];
  private float[] sums = new float[0];
  private RotaryTable rotations = new RotaryTable(0, 2, 1);

  public void add(FloatBuffer from, FloatBuffer to, long length) {
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      from.get(at, a, 0, n);
      to.get(at, b, 0, n);
      VectorMath.add(b, 0, a, 0, n);
      to.put(at, b, 0, n);
    }
  }

  public void embed(int[] ids, int rows, FloatBuffer table, FloatBuffer out, int width) {
    int block = blockRows(width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      for (int r = 0; r < n; r++) {
        table.get(ids[row + r] * width, a, r * width, width);
      }
      out.put(row * width, a, 0, n * width);
    }
  }

  public void embedBackward(int[] ids, int rows, FloatBuffer dOut, FloatBuffer dTable, int width) {
    blockRows(width);
    for (int row = 0; row < rows; row++) {
      int at = ids[row] * width;
      dOut.get(row * width, a, 0, width);
      dTable.get(at, b, 0, width);
      VectorMath.add(b, 0, a, 0, width);
      dTable.put(at, b, 0, width);
    }
  }

  /**
   * Computes {@code y = x·r·w} with {@code r = 1 / √(mean(x²) + epsilon)} for each row (Zhang and
   * Sennrich 2019).
   */
  public void rmsNorm(
      FloatBuffer x,
      FloatBuffer w,
      RowOutput y,
      FloatBuffer r,
      int rows,
      int width,
      double epsilon) {
    int block = tile(w, width, rows);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      x.get(row * width, a, 0, n * width);
      for (int i = 0; i < n; i++) {
        d[i] = normScale(a, i * width, width, epsilon);
        VectorMath.scaledProduct(a, tile, i * width, d[i], width);
      }
      y.put(row * width, a, n * width);
      r.put(row, d, 0, n);
    }
  }

  /** Computes {@code y = x·r·w} from a known {@code r}, bit-identical to {@link #rmsNorm}. */
  public void normalize(
      FloatBuffer x, FloatBuffer w, FloatBuffer r, RowOutput y, int rows, int width) {
    int block = tile(w, width, rows);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      x.get(row * width, a, 0, n * width);
      r.get(row, d, 0, n);
      for (int i = 0; i < n; i++) {
        VectorMath.scaledProduct(a, tile, i * width, d[i], width);
      }
      y.put(row * width, a, n * width);
    }
  }

  private int tile(FloatBuffer w, int width, int rows) {
    int block = reserveTile(width, rows);
    w.get(0, tile, 0, width);
    for (int i = 1; i < block; i++) {
      System.arraycopy(tile, 0, tile, i * width, width);
    }
    return block;
  }

  private int reserveTile(int width, int rows) {
    int block = Math.min(rows, cachedRows(width));
    if (tile.length < block * width) {
      tile = new float[Math.max(block * width, CACHED)];
      sums = new float[tile.length];
    }
    return block;
  }

  public void rmsNormBackward(
      FloatBuffer dy,
      FloatBuffer x,
      FloatBuffer w,
      FloatBuffer r,
      FloatBuffer dx,
      FloatBuffer dw,
      int rows,
      int width) {
    int block = tile(w, width, rows);
    Arrays.fill(sums, 0, block * width, 0);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      dy.get(row * width, a, 0, n * width);
      x.get(row * width, b, 0, n * width);
      dx.get(row * width, c, 0, n * width);
      r.get(row, d, 0, n);
      for (int i = 0; i < n; i++) {
        int at = i * width;
        float factor = weightGradient(at, d[i], width);
        VectorMath.addCombination(c, at, a, at, d[i], b, at, factor, width);
      }
      dx.put(row * width, c, 0, n * width);
    }
    dw.get(0, a, 0, width);
    for (int i = 0; i < block; i++) {
      VectorMath.add(a, 0, sums, i * width, width);
    }
    dw.put(0, a, 0, width);
  }

  /**
   * Normalizes each head of the queries and keys as {@link #rmsNorm} does a row, and copies the
   * values.
   *
   * @param w the weights for query heads and for key heads, of shape {@code [2, headSize]}
   */
  public void normalizeHeads(
      FloatBuffer from, FloatBuffer w, FloatBuffer to, AttentionHeads heads, int rows) {
    int width = heads.rowWidth();
    int size = heads.size();
    int block = tileOfHeads(w, heads, rows);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      from.get(row * width, a, 0, n * width);
      for (int i = 0; i < n; i++) {
        for (int h = 0; h < heads.queriesAndKeys(); h++) {
          int at = i * width + h * size;
          float scale = normScale(a, at, size, heads.normEpsilon());
          VectorMath.scaledProduct(a, tile, at, scale, size);
        }
      }
      to.put(row * width, a, 0, n * width);
    }
  }

  /**
   * Replaces the gradient with respect to the output of {@link #normalizeHeads} with the gradient
   * with respect to its input, and adds the gradient of the weights to {@code dw}.
   */
  public void normalizeHeadsBackward(
      FloatBuffer d,
      FloatBuffer from,
      FloatBuffer w,
      FloatBuffer dw,
      AttentionHeads heads,
      int rows) {
    int width = heads.rowWidth();
    int size = heads.size();
    int block = tileOfHeads(w, heads, rows);
    Arrays.fill(sums, 0, block * width, 0);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      d.get(row * width, a, 0, n * width);
      from.get(row * width, b, 0, n * width);
      for (int i = 0; i < n; i++) {
        for (int h = 0; h < heads.queriesAndKeys(); h++) {
          int at = i * width + h * size;
          float scale = normScale(b, at, size, heads.normEpsilon());
          float factor = weightGradient(at, scale, size);
          VectorMath.scale(a, at, scale, size);
          VectorMath.addScaled(a, at, b, at, factor, size);
        }
      }
      d.put(row * width, a, 0, n * width);
    }
    dw.get(0, a, 0, 2 * size);
    for (int i = 0; i < block; i++) {
      for (int h = 0; h < heads.queriesAndKeys(); h++) {
        VectorMath.add(a, h < heads.query() ? 0 : size, sums, i * width + h * size, size);
      }
    }
    dw.put(0, a, 0, 2 * size);
  }

  /** Returns {@code 1 / √(mean(x²) + epsilon)} of consecutive values. */
  private static float normScale(float[] x, int at, int size, double epsilon) {
    float squares = VectorMath.dot(x, at, x, at, size);
    return (float) (1 / Math.sqrt(squares / size + epsilon));
  }

  /**
   * Adds the gradient of the weights of an RMSNorm to {@code sums}, and multiplies the gradient of
   * its output in {@code a} by the weights in {@code tile}. The input is in {@code b}.
   *
   * @return the factor of the input in its own gradient, in which {@code a} has the factor {@code
   *     scale}
   */
  private float weightGradient(int at, float scale, int size) {
    VectorMath.addScaledProduct(sums, a, b, at, scale, size);
    VectorMath.multiply(a, tile, at, size);
    float mean = VectorMath.dot(a, at, b, at, size) / size;
    return -mean * scale * scale * scale;
  }

  /**
   * Fills a tile of rows of queries, keys and values with the weights of the heads. Returns the
   * number of rows.
   */
  private int tileOfHeads(FloatBuffer w, AttentionHeads heads, int rows) {
    int block = reserveTile(heads.rowWidth(), rows);
    for (int i = 0; i < block; i++) {
      for (int h = 0; h < heads.queriesAndKeys(); h++) {
        int from = h < heads.query() ? 0 : heads.size();
        w.get(from, tile, i * heads.rowWidth() + h * heads.size(), heads.size());
      }
    }
    return block;
  }

  /**
   * Applies rotary position embeddings to the queries and keys (Su et al. 2021), and copies the
   * values. As in Hugging Face's implementation, value {@code i} of the first half of a head is
   * paired with value {@code i} of the second half.
   *
   * @param to the result; may be {@code qkv}
   * @param length number of rows per sequence
   * @param backward whether to apply the inverse rotation, as for gradients
   */
  public void rope(
      FloatBuffer qkv,
      RowOutput to,
      AttentionHeads heads,
      int sequences,
      int length,
      boolean backward) {
    int rows = sequences * length;
    int rowWidth = heads.rowWidth();
    int size = heads.size();
    int turned = heads.queriesAndKeys() * size;
    RotaryTable turns = rotations(length, size, heads.ropeTheta());
    int block = blockRows(rowWidth);
    float sign = backward ? -1 : 1;
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      qkv.get(row * rowWidth, a, 0, n * rowWidth);
      for (int i = 0; i < n; i++) {
        int position = (row + i) % length;
        for (int at = i * rowWidth; at < i * rowWidth + turned; at += size) {
          turns.rotate(a, at, position, sign);
        }
      }
      to.put(row * rowWidth, a, n * rowWidth);
    }
  }

  private RotaryTable rotations(int length, int size, double theta) {
    if (!rotations.fit(length, size, theta)) {
      rotations = new RotaryTable(length, size, theta);
    }
    return rotations;
  }

  /**
   * Computes {@code out = gate·sigmoid(gate)·up} (Shazeer 2020).
   *
   * @param gateUp the gate values, followed by the up values, in each row; of shape {@code [rows,
   *     2·width]}
   */
  public void swiglu(FloatBuffer gateUp, RowOutput out, int rows, int width) {
    int block = cachedRows(width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      readGateUp(gateUp, row, n, width);
      VectorMath.swiglu(a, b, n * width);
      out.put(row * width, a, n * width);
    }
  }

  /**
   * Computes the gradient of {@link #swiglu}.
   *
   * @param restored receives the output of {@link #swiglu}; may be {@code dOut}, or null
   */
  public void swigluBackward(
      FloatBuffer gateUp,
      FloatBuffer dOut,
      RowOutput dGateUp,
      int rows,
      int width,
      @Nullable RowOutput restored) {
    int block = cachedRows(width);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      readGateUp(gateUp, row, n, width);
      dOut.get(row * width, c, 0, n * width);
      VectorMath.sigmoid(a, d, n * width);
      VectorMath.swigluBackward(a, b, d, c, n * width);
      int at = dGateUp.begin(row * 2 * width, n * 2 * width);
      for (int i = 0; i < n; i++, at += 2 * width) {
        dGateUp.buffer().put(at, a, i * width, width);
        dGateUp.buffer().put(at + width, b, i * width, width);
      }
      dGateUp.end();
      if (restored != null) {
        restored.put(row * width, c, n * width);
      }
    }
  }

  /** Reads the gate values into one array and the up values into another, for long loops. */
  private void readGateUp(FloatBuffer gateUp, int row, int rows, int width) {
    for (int i = 0; i < rows; i++) {
      int at = (row + i) * 2 * width;
      gateUp.get(at, a, i * width, width);
      gateUp.get(at + width, b, i * width, width);
    }
  }

  /**
   * Computes the loss of each row, and overwrites {@code logits} with the gradient of {@code scale}
   * times the sum of these losses. If {@code scale} is 0, {@code logits} is not changed.
   *
   * @param labels the labels; the label of row {@code r} is {@code labels[from + r]}
   * @param nats receives the loss of row {@code r}, {@code -ln p(label)}, at index {@code from + r}
   */
  public void crossEntropy(
      FloatBuffer logits,
      int[] labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      double[] nats) {
    int block = blockRows(vocabulary);
    for (int row = 0; row < rows; row += block) {
      int n = Math.min(block, rows - row);
      logits.get(row * vocabulary, a, 0, n * vocabulary);
      for (int i = 0; i < n; i++) {
        int at = i * vocabulary;
        int label = at + labels[from + row + i];
        double logit = a[label];
        double shift = 0;
        VectorMath.exp(a, at, vocabulary);
        double sum = VectorMath.sum(a, at, vocabulary);
        if (VectorMath.lossy(sum)) {
          logits.get((row + i) * vocabulary, a, at, vocabulary);
          shift = VectorMath.max(a, at, vocabulary);
          VectorMath.add(a, at, (float) -shift, vocabulary);
          VectorMath.exp(a, at, vocabulary);
          sum = VectorMath.sum(a, at, vocabulary);
        }
        nats[from + row + i] = Math.log(sum) + shift - logit;
        if (scale != 0) {
          VectorMath.scale(a, at, (float) (scale / sum), vocabulary);
          a[label] -= (float) scale;
        }
      }
      if (scale != 0) {
        logits.put(row * vocabulary, a, 0, n * vocabulary);
      }
    }
  }

  /** Returns the sum of squares, which is not finite if any value is not finite. */
  public double sumOfSquares(FloatBuffer of, long length) {
    double sum = 0;
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      of.get(at, a, 0, n);
      for (int i = 0; i < n; i += SHORT) {
        sum += VectorMath.dot(a, i, a, i, Math.min(SHORT, n - i));
      }
    }
    return sum;
  }

  /**
   * Applies an AdamW step to a tensor.
   *
   * @param scale factor by which the gradient is multiplied in addition to {@code
   *     step.gradientScale()}
   */
  public void adamW(
      FloatBuffer values,
      FloatBuffer gradient,
      FloatBuffer mean,
      FloatBuffer square,
      long length,
      AdamWStep step,
      double scale) {
    for (int at = 0; at < length; at += BLOCK) {
      int n = (int) Math.min(BLOCK, length - at);
      values.get(at, a, 0, n);
      gradient.get(at, b, 0, n);
      mean.get(at, c, 0, n);
      square.get(at, d, 0, n);
      VectorMath.adamW(a, b, c, d, n, step, scale);
      values.put(at, a, 0, n);
      mean.put(at, c, 0, n);
      square.put(at, d, 0, n);
    }
  }

  private int cachedRows(int width) {
    blockRows(width);
    return Math.max(1, CACHED / width);
  }

  /** Returns the number of rows in a block, at least 1. The blocks grow if a row does not fit. */
  private int blockRows(int width) {
    if (width > a.length) {
      a = new float[width];
      b = new float[width];
      c = new float[width];
      d = new float[width];
    }
    return Math.max(1, BLOCK / width);
  }
}
