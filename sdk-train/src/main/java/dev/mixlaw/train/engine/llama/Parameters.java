package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Views of the parts of a flat array that holds weights, or their gradients, in the order of {@link
 * WeightLayout}. Adjacent tensors that are used in the same matrix product form a single view.
 *
 * @param embedding the embedding, of shape {@code [vocabulary, width]}
 * @param head the head; its values are those of the embedding if the two are tied
 * @param norms the weights of all norms
 * @param matrices the matrices of all blocks, and the head
 */
record Parameters(
    Floats embedding,
    List<Block> blocks,
    Floats norm,
    WeightMatrix head,
    List<Floats> norms,
    List<WeightMatrix> matrices) {
  Parameters {
    blocks = List.copyOf(blocks);
    norms = List.copyOf(norms);
    matrices = List.copyOf(matrices);
  }

  record Block(AttentionSublayer.Weights attention, FeedForwardSublayer.Weights feedForward) {}

  /**
   * Creates views of weights or gradients.
   *
   * @param packing allocates the memory for packed weights; null if the weights are not packed
   */
  static Parameters of(
      Floats flat, ModelSpec model, WeightLayout layout, @Nullable Allocator packing) {
    Reader tensors = new Reader(flat, layout.tensors(), packing);
    Floats embedding = tensors.view(1);
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < model.layers(); i++) {
      AttentionSublayer.Weights attention = AttentionSublayer.Weights.of(tensors, model);
      blocks.add(new Block(attention, FeedForwardSublayer.Weights.of(tensors)));
    }
    Floats norm = tensors.norm(1);
    tensors.next = model.tiedHead() ? 0 : tensors.next;
    WeightMatrix head = tensors.matrix(1);
    return new Parameters(embedding, blocks, norm, head, tensors.norms, tensors.matrices);
  }

  /** Packs the weights for text generation. They must be packed again after each change. */
  void pack(Device device) {
    device.onEach(
        lane -> {
          for (int i = lane; i < matrices.size(); i += device.lanes()) {
            matrices.get(i).pack(device.kernels(lane));
          }
        });
  }

  /** Creates views of tensors in the order of the layout. */
  static final class Reader {
    private final Floats flat;
    private final List<WeightLayout.Tensor> tensors;
    private final @Nullable Allocator packing;
    private final List<Floats> norms = new ArrayList<>();
    private final List<WeightMatrix> matrices = new ArrayList<>();
    private int next;

    private Reader(Floats flat, List<WeightLayout.Tensor> tensors, @Nullable Allocator packing) {
      this.flat = flat;
      this.tensors = tensors;
      this.packing = packing;
    }

    private Floats view(int count) {
      long offset = tensors.get(next).offset();
      next += count;
      WeightLayout.Tensor end = tensors.get(next - 1);
      return flat.slice(offset, count == 0 ? 0 : end.offset() + end.length() - offset);
    }

    /** Returns a view of the weights of the next norms. */
    Floats norm(int count) {
      Floats norm = view(count);
      if (count > 0) {
        norms.add(norm);
      }
      return norm;
    }

    /** Returns a view of the next tensors, which have the same input, as one matrix. */
    WeightMatrix matrix(int count) {
      int in = tensors.get(next).columns();
      Floats values = view(count);
      int out = (int) (values.length() / in);
      Floats packed =
          packing == null ? null : packing.allocate(DeviceKernels.packedLength(in, out));
      WeightMatrix made = new WeightMatrix(values, in, out, packed);
      matrices.add(made);
      return made;
    }
  }
}
