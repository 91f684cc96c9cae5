package dev.mixlaw.testkit.support;

import dev.mixlaw.api.ModelSpec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * A decoder in double precision that computes each number separately. Gradients are computed by
 * reverse-mode differentiation over a tape of all operations. It is slow, and shares only the
 * definition of the model with the engines.
 */
public final class ReferenceDecoder {
  private final ModelSpec model;
  private final int vocabulary;
  private final Map<String, double[]> weights;
  private Tape tape = new Tape();

  /**
   * Creates a decoder.
   *
   * @param weights weights by their names in Hugging Face's Llama models; matrices are row-major,
   *     of shape {@code [out, in]}
   */
  public ReferenceDecoder(ModelSpec model, int vocabulary, Map<String, double[]> weights) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.weights = weights;
  }

  /**
   * The result of a forward and a backward pass.
   *
   * @param loss mean loss in nats
   * @param nats loss of each token
   * @param gradients gradients of the mean loss by name of the tensor
   */
  public record Result(double loss, double[] nats, Map<String, double[]> gradients) {}

  /**
   * Computes losses and gradients.
   *
   * @param ids token ids of sequences, of shape {@code [sequences, length + 1]}
   * @param length number of predicted tokens per sequence
   */
  public Result run(int[] ids, int length) {
    tape = new Tape();
    Map<String, int[]> nodes = new LinkedHashMap<>();
    weights.forEach(
        (name, values) ->
            nodes.put(name, Arrays.stream(values).mapToInt(tape::constant).toArray()));
    int sequences = ids.length / (length + 1);
    int[] nats = new int[sequences * length];
    for (int s = 0; s < sequences; s++) {
      int[] sequence = Arrays.copyOfRange(ids, s * (length + 1), (s + 1) * (length + 1));
      System.arraycopy(losses(nodes, sequence), 0, nats, s * length, length);
    }
    int loss = tape.scaled(tape.sum(nats), 1.0 / nats.length);
    double[] all = tape.gradients(loss);
    Map<String, double[]> gradients = new LinkedHashMap<>();
    nodes.forEach(
        (name, places) ->
            gradients.put(name, Arrays.stream(places).mapToDouble(p -> all[p]).toArray()));
    return new Result(
        tape.value(loss), Arrays.stream(nats).mapToDouble(tape::value).toArray(), gradients);
  }

  private int[] losses(Map<String, int[]> w, int[] ids) {
    int length = ids.length - 1;
    int width = model.width();
    int[] table = w.get("model.embed_tokens.weight");
    int[][] x = new int[length][];
    for (int t = 0; t < length; t++) {
      x[t] = Arrays.copyOfRange(table, ids[t] * width, (ids[t] + 1) * width);
    }
    for (int layer = 0; layer < model.layers(); layer++) {
      block(w, "model.layers." + layer + ".", x);
    }
    int[] head = model.tiedHead() ? table : w.get("lm_head.weight");
    int[] nats = new int[length];
    for (int t = 0; t < length; t++) {
      int[] logits = linear(head, norm(w.get("model.norm.weight"), x[t]), vocabulary);
      int[] exps = Arrays.stream(logits).map(tape::exp).toArray();
      nats[t] = tape.minus(tape.log(tape.sum(exps)), logits[ids[t + 1]]);
    }
    return nats;
  }

  private void block(Map<String, int[]> w, String name, int[][] x) {
    int size = model.headSize();
    int keyValueWidth = model.keyValueHeads() * size;
    int[][] q = new int[x.length][];
    int[][] k = new int[x.length][];
    int[][] v = new int[x.length][];
    for (int t = 0; t < x.length; t++) {
      int[] h = norm(w.get(name + "input_layernorm.weight"), x[t]);
      q[t] = linear(w.get(name + "self_attn.q_proj.weight"), h, model.width());
      k[t] = linear(w.get(name + "self_attn.k_proj.weight"), h, keyValueWidth);
      if (model.qkNorm()) {
        q[t] = normOfHeads(w.get(name + "self_attn.q_norm.weight"), q[t]);
        k[t] = normOfHeads(w.get(name + "self_attn.k_norm.weight"), k[t]);
      }
      q[t] = rotate(q[t], t);
      k[t] = rotate(k[t], t);
      v[t] = linear(w.get(name + "self_attn.v_proj.weight"), h, keyValueWidth);
    }
    for (int t = 0; t < x.length; t++) {
      int[] attended = new int[model.width()];
      for (int head = 0; head < model.heads(); head++) {
        int from = head * size;
        int shared = head / (model.heads() / model.keyValueHeads()) * size;
        int[] exps = new int[t + 1];
        for (int s = 0; s <= t; s++) {
          int dot = tape.constant(0);
          for (int i = 0; i < size; i++) {
            dot = tape.plus(dot, tape.times(q[t][from + i], k[s][shared + i]));
          }
          exps[s] = tape.exp(tape.scaled(dot, 1 / Math.sqrt(size)));
        }
        int total = tape.sum(exps);
        for (int i = 0; i < size; i++) {
          int sum = tape.constant(0);
          for (int s = 0; s <= t; s++) {
            sum = tape.plus(sum, tape.times(exps[s], v[s][shared + i]));
          }
          attended[from + i] = tape.over(sum, total);
        }
      }
      int[] out = linear(w.get(name + "self_attn.o_proj.weight"), attended, model.width());
      int[] middle = add(x[t], out);
      int[] h = norm(w.get(name + "post_attention_layernorm.weight"), middle);
      int[] gate = linear(w.get(name + "mlp.gate_proj.weight"), h, model.feedForward());
      int[] up = linear(w.get(name + "mlp.up_proj.weight"), h, model.feedForward());
      int[] inner = new int[gate.length];
      for (int i = 0; i < inner.length; i++) {
        int denominator = tape.plus(tape.constant(1), tape.exp(tape.scaled(gate[i], -1)));
        inner[i] = tape.times(tape.over(gate[i], denominator), up[i]);
      }
      x[t] = add(middle, linear(w.get(name + "mlp.down_proj.weight"), inner, model.width()));
    }
  }

  private int[] rotate(int[] row, int position) {
    int size = model.headSize();
    int[] to = new int[row.length];
    for (int i = 0; i < row.length; i++) {
      int within = i % size;
      int half = size / 2;
      double angle = position * Math.pow(model.ropeTheta(), -2.0 * (within % half) / size);
      int other = within < half ? tape.scaled(row[i + half], -1) : row[i - half];
      to[i] = tape.plus(tape.scaled(row[i], Math.cos(angle)), tape.scaled(other, Math.sin(angle)));
    }
    return to;
  }

  private int[] norm(int[] w, int[] x) {
    int[] squares = Arrays.stream(x).map(i -> tape.times(i, i)).toArray();
    int mean = tape.scaled(tape.sum(squares), 1.0 / x.length);
    int root = tape.sqrt(tape.plus(mean, tape.constant(model.normEpsilon())));
    int[] y = new int[x.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = tape.times(tape.over(x[i], root), w[i]);
    }
    return y;
  }

  private int[] normOfHeads(int[] w, int[] row) {
    int[] to = new int[row.length];
    for (int at = 0; at < row.length; at += w.length) {
      int[] head = Arrays.copyOfRange(row, at, at + w.length);
      System.arraycopy(norm(w, head), 0, to, at, w.length);
    }
    return to;
  }

  private int[] linear(int[] w, int[] x, int out) {
    int[] y = new int[out];
    for (int o = 0; o < out; o++) {
      int sum = tape.constant(0);
      for (int i = 0; i < x.length; i++) {
        sum = tape.plus(sum, tape.times(w[o * x.length + i], x[i]));
      }
      y[o] = sum;
    }
    return y;
  }

  private int[] add(int[] a, int[] b) {
    int[] c = new int[a.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = tape.plus(a[i], b[i]);
    }
    return c;
  }

  /**
   * The tape. Each node has a value, up to two operands, and the derivatives with respect to them.
   */
  private static final class Tape {
    private double[] values = new double[1 << 16];
    private int[] first = new int[1 << 16];
    private int[] second = new int[1 << 16];
    private double[] byFirst = new double[1 << 16];
    private double[] bySecond = new double[1 << 16];
    private int size;

    double value(int node) {
      return values[node];
    }

    int constant(double value) {
      return add(value, 0, 0, 0, 0);
    }

    int plus(int a, int b) {
      return add(values[a] + values[b], a, 1, b, 1);
    }

    int minus(int a, int b) {
      return add(values[a] - values[b], a, 1, b, -1);
    }

    int times(int a, int b) {
      return add(values[a] * values[b], a, values[b], b, values[a]);
    }

    int scaled(int a, double by) {
      return add(values[a] * by, a, by, 0, 0);
    }

    int over(int a, int b) {
      double y = values[a] / values[b];
      return add(y, a, 1 / values[b], b, -y / values[b]);
    }

    int exp(int a) {
      return one(a, Math::exp, Math.exp(values[a]));
    }

    int log(int a) {
      return one(a, Math::log, 1 / values[a]);
    }

    int sqrt(int a) {
      return one(a, Math::sqrt, 0.5 / Math.sqrt(values[a]));
    }

    int sum(int[] nodes) {
      int sum = constant(0);
      for (int node : nodes) {
        sum = plus(sum, node);
      }
      return sum;
    }

    private int one(int a, DoubleUnaryOperator f, double derivative) {
      return add(f.applyAsDouble(values[a]), a, derivative, 0, 0);
    }

    private int add(double value, int a, double byA, int b, double byB) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
        first = Arrays.copyOf(first, 2 * size);
        second = Arrays.copyOf(second, 2 * size);
        byFirst = Arrays.copyOf(byFirst, 2 * size);
        bySecond = Arrays.copyOf(bySecond, 2 * size);
      }
      values[size] = value;
      first[size] = a;
      second[size] = b;
      byFirst[size] = byA;
      bySecond[size] = byB;
      return size++;
    }

    /** Returns the derivatives of a node with respect to every earlier node. */
    double[] gradients(int of) {
      double[] d = new double[size];
      d[of] = 1;
      for (int i = of; i > 0; i--) {
        d[first[i]] += d[i] * byFirst[i];
        d[second[i]] += d[i] * bySecond[i];
      }
      return d;
    }
  }
}
