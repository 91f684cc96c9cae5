package dev.mixlaw.eval.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * A stretch of a document that fits into a model's context.
 *
 * <p>Positions count predictions: position i of a document is the loss of its token i, from 0, and
 * position 0 has the end-of-text token before it.
 *
 * @param document index of the document
 * @param start first position read
 * @param length positions read
 * @param fresh first position, counted from {@code start}, that no earlier window scored
 */
record Window(int document, int start, int length, int fresh) {

  /**
   * The windows of a document: the first is as long as the context, each further one scores up to
   * {@code context / 2} new positions at its end, and the last is moved back so that it is full.
   * Every position but those of the first window is thus scored with at least {@code context -
   * context / 2} tokens before it.
   *
   * @param positions tokens of the document
   * @param context most positions of a window
   */
  public static List<Window> of(int document, int positions, int context) {
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
