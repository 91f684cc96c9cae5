package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Views of the parts of a flat array that holds weights, or their gradients, in the order of {@link
 * WeightLayout}. Adjacent tensors that are used in the same matrix product form a single view.
 *
 * @param embedding the embedding, of shape {@code [vocabulary, width]}
 * @param head the head, of shape {@code [vocabulary, width]}; the same object as the embedding if
 *     the two are tied
 */
record Parameters(Floats embedding, List<Block> blocks, Floats norm, Floats head) {
  Parameters {
    blocks = List.copyOf(blocks);
  }

  /**
   * The weights of one block.
   *
   * @param headNorms the weights of QK-norm, of shape {@code [2, headSize]}; empty without QK-norm
   * @param qkv the query, key and value projections, of shape {@code [(heads +
   *     2·keyValueHeads)·headSize, width]}
   * @param gateUp the gate and up projections, of shape {@code [2·feedForward, width]}
   */
  record Block(
      Floats norm1,
      Floats headNorms,
      Floats qkv,
      Floats out,
      Floats norm2,
      Floats gateUp,
      Floats down) {}

  static Parameters of(Floats flat, WeightLayout layout) {
    List<WeightLayout.Tensor> t = layout.tensors();
    List<Block> blocks = new ArrayList<>();
    int next = 1;
    int headNorms = t.get(2).role() == WeightLayout.Role.NORM ? 2 : 0;
    // In addition to the norms of heads, a block has nine tensors. The last block is followed by
    // the norm and, if untied, the head.
    for (; next + 9 < t.size(); next += 9 + headNorms) {
      int qkv = next + 1 + headNorms;
      blocks.add(
          new Block(
              view(flat, t, next, 1),
              view(flat, t, next + 1, headNorms),
              view(flat, t, qkv, 3),
              view(flat, t, qkv + 3, 1),
              view(flat, t, qkv + 4, 1),
              view(flat, t, qkv + 5, 2),
              view(flat, t, qkv + 7, 1)));
    }
    Floats embedding = view(flat, t, 0, 1);
    boolean tied = next + 1 == t.size();
    return new Parameters(
        embedding, blocks, view(flat, t, next, 1), tied ? embedding : view(flat, t, next + 1, 1));
  }

  private static Floats view(Floats flat, List<WeightLayout.Tensor> tensors, int from, int count) {
    long length = 0;
    for (WeightLayout.Tensor t : tensors.subList(from, from + count)) {
      length += t.length();
    }
    return flat.slice(tensors.get(from).offset(), length);
  }
}
