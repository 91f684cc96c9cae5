package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * The weights of a decoder, packed for {@link DeviceKernels#linearRows} and shared by all lanes.
 */
final class PackedParameters {
  private final List<Matrix> matrices = new ArrayList<>();
  final Parameters weights;
  final List<Block> blocks = new ArrayList<>();
  final Matrix head;

  /** A weight matrix of shape {@code [out, in]} with its packed copy. */
  record Matrix(Floats weights, Floats packed, int in, int out) {
    void multiply(DeviceKernels k, Floats x, Floats y, int rows, boolean accumulate) {
      k.linearRows(x, weights, packed, y, rows, in, out, accumulate);
    }
  }

  record Block(Floats norm1, Matrix qkv, Matrix out, Floats norm2, Matrix gateUp, Matrix down) {}

  PackedParameters(ModelSpec model, int vocabulary, Parameters weights, Allocator allocator) {
    this.weights = weights;
    int width = model.width();
    int inner = model.feedForward();
    int qkv = AttentionHeads.of(model).rowWidth();
    for (Parameters.Block w : weights.blocks()) {
      blocks.add(
          new Block(
              w.norm1(),
              matrix(w.qkv(), width, qkv, allocator),
              matrix(w.out(), width, width, allocator),
              w.norm2(),
              matrix(w.gateUp(), width, 2 * inner, allocator),
              matrix(w.down(), inner, width, allocator)));
    }
    head = matrix(weights.head(), width, vocabulary, allocator);
  }

  private Matrix matrix(Floats w, int in, int out, Allocator allocator) {
    Matrix made = new Matrix(w, allocator.allocate(DeviceKernels.packedLength(in, out)), in, out);
    matrices.add(made);
    return made;
  }

  void pack(Device device) {
    device.onEach(
        lane -> {
          for (int i = lane; i < matrices.size(); i += device.lanes()) {
            Matrix m = matrices.get(i);
            device.kernels(lane).pack(m.weights(), m.packed(), m.in(), m.out());
          }
        });
  }
}
