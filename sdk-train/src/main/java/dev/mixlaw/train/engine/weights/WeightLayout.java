package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The layout of all weights of a decoder in one flat array. The tensors are in the order in which a
 * forward pass uses them. Each tensor is row-major, has the shape {@code [out, in]} and is named as
 * in Hugging Face's Llama and Qwen 3 models.
 *
 * <p>The query, key and value projections are adjacent, and so are the gate and up projections and
 * the two weights of QK-norm. An engine may therefore treat each of these groups as one matrix.
 */
public record WeightLayout(List<Tensor> tensors, long size) {
  public WeightLayout {
    tensors = List.copyOf(tensors);
  }

  /** The role of a tensor, which determines its initial values and whether weight decay applies. */
  public enum Role {
    EMBEDDING,
    NORM,
    /** A projection that is not added to the residual stream, or an untied head. */
    MATRIX,
    /** A projection whose output is added to the residual stream. */
    RESIDUAL_MATRIX
  }

  /** Number of values in a {@link Tensor#parts part} of a tensor (4 MB). */
  private static final int PART = 1 << 20;

  /**
   * A tensor.
   *
   * @param name name of the tensor, such as {@code model.layers.0.self_attn.q_proj.weight}
   * @param rows output size; 1 for a norm
   * @param columns input size
   * @param offset index of the tensor's first value in the flat array
   */
  public record Tensor(String name, int rows, int columns, long offset, Role role) {
    public long length() {
      return (long) rows * columns;
    }

    /**
     * Divides this tensor into parts that consist of whole rows and have about a million values
     * each. Each part is a tensor in the same flat array. A caller that processes one part at a
     * time does not need the whole tensor on the Java heap.
     */
    public List<Tensor> parts() {
      int each = Math.max(1, PART / columns);
      List<Tensor> parts = new ArrayList<>();
      for (int row = 0; row < rows; row += each) {
        int n = Math.min(each, rows - row);
        parts.add(new Tensor(name, n, columns, offset + (long) row * columns, role));
      }
      return parts;
    }

    /** Returns the shape of this tensor in files, in which norms have only one dimension. */
    public List<Integer> shape() {
      return role == Role.NORM ? List.of(columns) : List.of(rows, columns);
    }

    /** Returns whether weight decay applies, which is not the case for norms and embeddings. */
    public boolean decays() {
      return role == Role.MATRIX || role == Role.RESIDUAL_MATRIX;
    }
  }

  public static WeightLayout of(ModelSpec model, int vocabulary) {
    int width = model.width();
    int keyValueWidth = model.keyValueHeads() * model.headSize();
    Builder b = new Builder();
    b.add("model.embed_tokens.weight", vocabulary, width, Role.EMBEDDING);
    for (int layer = 0; layer < model.layers(); layer++) {
      String block = "model.layers." + layer + ".";
      b.add(block + "input_layernorm.weight", 1, width, Role.NORM);
      if (model.qkNorm()) {
        b.add(block + "self_attn.q_norm.weight", 1, model.headSize(), Role.NORM);
        b.add(block + "self_attn.k_norm.weight", 1, model.headSize(), Role.NORM);
      }
      b.add(block + "self_attn.q_proj.weight", width, width, Role.MATRIX);
      b.add(block + "self_attn.k_proj.weight", keyValueWidth, width, Role.MATRIX);
      b.add(block + "self_attn.v_proj.weight", keyValueWidth, width, Role.MATRIX);
      b.add(block + "self_attn.o_proj.weight", width, width, Role.RESIDUAL_MATRIX);
      b.add(block + "post_attention_layernorm.weight", 1, width, Role.NORM);
      b.add(block + "mlp.gate_proj.weight", model.feedForward(), width, Role.MATRIX);
      b.add(block + "mlp.up_proj.weight", model.feedForward(), width, Role.MATRIX);
      b.add(block + "mlp.down_proj.weight", width, model.feedForward(), Role.RESIDUAL_MATRIX);
    }
    b.add("model.norm.weight", 1, width, Role.NORM);
    if (!model.tiedHead()) {
      b.add("lm_head.weight", vocabulary, width, Role.MATRIX);
    }
    return new WeightLayout(b.tensors, b.size);
  }

  private static final class Builder {
    private final List<Tensor> tensors = new ArrayList<>();
    private long size;

    void add(String name, int rows, int columns, Role role) {
      Tensor tensor = new Tensor(name, rows, columns, size, role);
      tensors.add(tensor);
      size += tensor.length();
    }
  }
}
