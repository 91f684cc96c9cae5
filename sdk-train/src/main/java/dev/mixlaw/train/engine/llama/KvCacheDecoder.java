package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder on one lane that uses a key-value cache. A step processes tokens of several texts: the
 * next token of a text, or a part of its prompt. The number of rows is padded to a multiple of
 * {@link DeviceKernels#ROW_GROUP}, and results for padding are ignored.
 */
final class KvCacheDecoder {
  private final ModelSpec model;
  private final DeviceKernels k;
  private final Parameters weights;
  private final GenerationBuffers act;
  private final List<DecoderBlock> blocks = new ArrayList<>();

  KvCacheDecoder(
      ModelSpec model, DeviceKernels kernels, Parameters weights, GenerationBuffers buffers) {
    this.model = model;
    k = kernels;
    this.weights = weights;
    act = buffers;
    for (Parameters.Block w : weights.blocks()) {
      blocks.add(DecoderBlock.of(model, kernels, w, act.block));
    }
  }

  void step(int[] tokens, int[] places, int rows, int[] last, int wanted) {
    int width = model.width();
    int all = grouped(rows);
    act.tokens.put(tokens, all);
    act.places.put(places, all);
    k.embed(act.tokens, all, weights.embedding(), act.stream, width);
    for (int i = 0; i < model.layers(); i++) {
      DecoderBlock block = blocks.get(i);
      Floats keys = act.keys.get(i);
      block.attention().step(act.stream, keys, act.values.get(i), act.places, rows, all);
      block.feedForward().forward(act.stream, act.stream, all);
    }
    if (wanted > 0) {
      int some = grouped(wanted);
      act.last.put(last, some);
      AttentionSublayer.Buffers free = act.block.attention();
      Floats selected = free.attended();
      // The embedding kernel gathers the rows whose logits are requested.
      k.embed(act.last, some, act.stream, selected, width);
      k.rmsNorm(
          selected, weights.norm(), free.norm(), free.scale(), some, width, model.normEpsilon());
      weights.head().multiply(k, free.norm(), act.logits, some);
    }
  }

  private static int grouped(int rows) {
    return (rows + DeviceKernels.ROW_GROUP - 1) / DeviceKernels.ROW_GROUP * DeviceKernels.ROW_GROUP;
  }

  Floats logits() {
    return act.logits;
  }
}
