package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a matrix product, {@code [rows, inner] · [inner, columns]}, and how often a step
 * computes it.
 *
 * @param times how often one lane (a thread of a session) computes the product in a step
 */
public record ProductShape(int rows, int inner, int columns, int times) {
  /**
   * Returns the products of a training step: the forward pass, the gradients of inputs and the
   * gradients of weights. Attention is counted without its masked half, and its scores are counted
   * once.
   *
   * @param sequences sizes of the micro-batches of the lane, in sequences
   * @param chunk largest number of rows whose logits are computed together
   */
  static List<ProductShape> ofStep(
      ModelSpec model, int vocabulary, List<Integer> sequences, int chunk) {
    List<ProductShape> shapes = new ArrayList<>();
    AttentionHeads heads = AttentionHeads.of(model);
    int width = model.width();
    int inner = model.feedForward();
    int length = model.context();
    for (int n : sequences) {
      int rows = n * length;
      linear(shapes, rows, width, heads.rowWidth(), model.layers());
      linear(shapes, rows, width, width, model.layers());
      linear(shapes, rows, width, 2 * inner, model.layers());
      linear(shapes, rows, inner, width, model.layers());
      int times = model.layers() * n * heads.query();
      int half = Math.max(1, length / 2);
      shapes.add(new ProductShape(length, heads.size(), half, 2 * times));
      shapes.add(new ProductShape(length, half, heads.size(), 4 * times));
      for (int row = 0; row < rows; row += chunk) {
        linear(shapes, Math.min(chunk, rows - row), width, vocabulary, 1);
      }
    }
    return shapes;
  }

  /**
   * Returns the products of one lane of a session, divided into the same micro-batches as in the
   * session.
   */
  public static List<ProductShape> ofStep(SessionSpec spec, int lane, int lanes, TileSizes tiles) {
    ModelSpec model = spec.model();
    int begin = (int) ((long) lane * spec.batchSequences() / lanes);
    int end = (int) ((lane + 1L) * spec.batchSequences() / lanes);
    int share = (spec.batchSequences() + lanes - 1) / lanes;
    int part = Math.max(1, Math.min(share, tiles.microBatchRows() / model.context()));
    long rows = (long) part * model.context();
    int chunk = (int) Math.min(rows, Math.max(16, tiles.logits() / spec.vocabulary()));
    List<Integer> parts = new ArrayList<>();
    for (int left = end - begin; left > 0; left -= part) {
      parts.add(Math.min(part, left));
    }
    return ofStep(model, spec.vocabulary(), parts, chunk);
  }

  private static void linear(List<ProductShape> to, int rows, int in, int out, int times) {
    to.add(new ProductShape(rows, in, out, times));
    to.add(new ProductShape(rows, out, in, times));
    to.add(new ProductShape(out, rows, in, times));
  }
}
