package dev.mixlaw.eval.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a document that fits into the context of a model. Position i is the prediction of token
 * i. Position 0 follows the end-of-text token.
 *
 * @param start first position of the window
 * @param fresh first position, relative to {@code start}, that no earlier window has scored
 */
record Window(int document, int start, int length, int fresh) {

  /**
   * Splits a document into windows. The first window is as long as the context. Each later window
   * repeats the last {@code context / 4} positions before it, and scores up to {@code context -
   * context / 4} new positions.
   *
   * @param positions number of tokens of the document
   * @param context largest number of positions in a window
   */
  static List<Window> of(int document, int positions, int context) {
    List<Window> windows = new ArrayList<>();
    int scored = 0;
    while (scored < positions) {
      int start = scored == 0 ? 0 : scored - context / 4;
      int length = Math.min(context, positions - start);
      windows.add(new Window(document, start, length, scored - start));
      scored = start + length;
    }
    return windows;
  }
}
