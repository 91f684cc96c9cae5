package dev.mixlaw.api;

import dev.mixlaw.api.internal.Quantity;

/** Chooses a decoder's shape for a number of non-embedding parameters. */
final class Ladder {
  private static final int MOST_LAYERS = 64;
  private static final int WIDEST = 8192;

  private Ladder() {}

  public static ModelSpec nearest(String size) {
    long target = Quantity.parse("parameters", size);
    // Width over layers of published decoders: about 16 at 100k parameters, 64 at 10M, 128 at 1B.
    double aspect = Math.min(128, 16 * Math.pow(target / 1e5, 0.25));
    ModelSpec best = shape(size, 32, 1);
    double bestCost = Double.POSITIVE_INFINITY;
    for (int layers = 1; layers <= MOST_LAYERS; layers++) {
      for (int width = 32; width <= WIDEST; width += width < 512 ? 32 : 64) {
        ModelSpec candidate = shape(size, width, layers);
        double off = Math.abs(Math.log((double) candidate.nonEmbeddingParameters() / target));
        double cost = off + 0.1 * Math.abs(Math.log(width / (aspect * layers)));
        if (cost < bestCost) {
          best = candidate;
          bestCost = cost;
        }
      }
    }
    return best;
  }

  private static ModelSpec shape(String name, int width, int layers) {
    int heads = width / (width < 512 ? 32 : 64);
    int feedForward = (int) (Math.round(width * 8 / 3.0 / 16) * 16);
    return ModelSpec.of(name, width, layers, heads, feedForward);
  }
}
