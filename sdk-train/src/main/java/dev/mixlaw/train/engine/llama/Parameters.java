package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * The parts of a flat array in the order of {@link WeightLayout}, neighbours that are one product
 * taken together: weights, or their gradients.
 *
 * @param embedding {@code [vocabulary, width]}
 * @param head the same if tied
 */
record Parameters(
    DeviceFloats embedding, List<Block> blocks, DeviceFloats norm, DeviceFloats head) {
  Parameters {
    blocks = List.copyOf(blocks);
  }

  /**
   * One block's.
   *
   * @param qkv {@code [(heads + 2·keyValueHeads)·headSize, width]}
   * @param gateUp {@code [2·feedForward, width]}
   */
  record Block(
      DeviceFloats norm1,
      DeviceFloats qkv,
      DeviceFloats out,
      DeviceFloats norm2,
      DeviceFloats gateUp,
      DeviceFloats down) {}

  static Parameters of(DeviceFloats flat, WeightLayout layout) {
    List<WeightLayout.Tensor> t = layout.tensors();
    List<Block> blocks = new ArrayList<>();
    int next = 1;
    // A block has nine tensors; after the last come the norm and, if untied, the head.
    for (; next + 9 < t.size(); next += 9) {
      blocks.add(
          new Block(
              part(flat, t, next, 1),
              part(flat, t, next + 1, 3),
              part(flat, t, next + 4, 1),
              part(flat, t, next + 5, 1),
              part(flat, t, next + 6, 2),
              part(flat, t, next + 8, 1)));
    }
    DeviceFloats embedding = part(flat, t, 0, 1);
    boolean tied = next + 1 == t.size();
    return new Parameters(
        embedding, blocks, part(flat, t, next, 1), tied ? embedding : part(flat, t, next + 1, 1));
  }

  private static DeviceFloats part(
      DeviceFloats flat, List<WeightLayout.Tensor> tensors, int from, int count) {
    long length = 0;
    for (WeightLayout.Tensor t : tensors.subList(from, from + count)) {
      length += t.length();
    }
    return flat.slice(tensors.get(from).offset(), length);
  }
}
