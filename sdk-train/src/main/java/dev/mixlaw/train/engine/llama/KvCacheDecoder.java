package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * A decoder on one lane that uses a key-value cache. A step processes tokens of several texts: the
 * next token of a text, or a part of its prompt. The number of rows is padded to a multiple of
 * {@link DeviceKernels#ROW_GROUP}, and results for padding are ignored.
 */
final class KvCacheDecoder {
  private final ModelSpec model;
  private final AttentionHeads heads;
  private final DeviceKernels k;
  private final PackedParameters packed;
  private final GenerationBuffers act;

  KvCacheDecoder(
      ModelSpec model, DeviceKernels kernels, PackedParameters weights, GenerationBuffers buffers) {
    this.model = model;
    heads = AttentionHeads.of(model);
    k = kernels;
    packed = weights;
    act = buffers;
  }

  void step(int[] tokens, int[] places, int rows, int[] last, int wanted) {
    int width = model.width();
    int inner = model.feedForward();
    int all = grouped(rows);
    act.tokens.put(tokens, all);
    act.places.put(places, all);
    k.embed(act.tokens, all, packed.weights.embedding(), act.stream, width);
    for (int i = 0; i < model.layers(); i++) {
      PackedParameters.Block w = packed.blocks.get(i);
      k.rmsNorm(act.stream, w.norm1(), act.norm, act.scale, all, width, model.normEpsilon());
      w.qkv().multiply(k, act.norm, act.qkv, all, false);
      if (model.qkNorm()) {
        Floats norms = packed.weights.blocks().get(i).headNorms();
        k.normalizeHeads(act.qkv, norms, act.qkv, heads, all);
      }
      k.cachedAttention(
          act.qkv,
          act.keys.get(i),
          act.values.get(i),
          act.places,
          act.attended,
          heads,
          rows,
          model.context());
      w.out().multiply(k, act.attended, act.stream, all, true);
      k.rmsNorm(act.stream, w.norm2(), act.norm, act.scale, all, width, model.normEpsilon());
      w.gateUp().multiply(k, act.norm, act.gateUp, all, false);
      k.swiglu(act.gateUp, act.activated, all, inner);
      w.down().multiply(k, act.activated, act.stream, all, true);
    }
    if (wanted > 0) {
      int some = grouped(wanted);
      act.last.put(last, some);
      // The embedding kernel gathers the rows whose logits are requested.
      k.embed(act.last, some, act.stream, act.attended, width);
      k.rmsNorm(
          act.attended,
          packed.weights.norm(),
          act.norm,
          act.scale,
          some,
          width,
          model.normEpsilon());
      packed.head.multiply(k, act.norm, act.logits, some, false);
    }
  }

  private static int grouped(int rows) {
    return (rows + DeviceKernels.ROW_GROUP - 1) / DeviceKernels.ROW_GROUP * DeviceKernels.ROW_GROUP;
  }

  Floats logits() {
    return act.logits;
  }
}
