package dev.mixlaw.eval.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a document that fits into the context of a model.
 *
 * <p>Positions count predictions: position i of a document stands for the loss of its token i.
 * Position 0 follows the end-of-text token.
 *
 * @param document index of the document
 * @param start first position of the window
 * @param length number of positions
 * @param fresh first position, relative to {@code start}, that no earlier window scored
 */
record Window(int document, int start, int length, int fresh) {

  /**
   * Returns the windows of a document. The first is as long as the context, each later one scores
   * up to {@code context / 2} new positions at its end, and the last is moved back so that it is
   * full. Every position after the first window has at least {@code context - context / 2} tokens
   * before it.
   *
   * @param positions number of tokens of the document
   * @param context largest number of positions in a window
   */
  static List<Window> of(int document, int positions, int context) {
    List<Window> windows = new ArrayList<>();
    int stride = Math.max(1, context / 2);
    int scored = 0;
    while (scored < positions) {
      int end = scored == 0 ? Math.min(positions, context) : Math.min(positions, scored + stride);
      int start = Math.max(0, end - context);
      windows.add(new Window(document, start, end - start, scored - start));
      scored = end;
    }
    return windows;
  }
}
