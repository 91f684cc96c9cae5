package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.spi.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Scores documents in batches of windows with similar lengths. A scorer is not thread-safe. */
record WindowScorer(LanguageModel model, int endOfText) {
  /** Largest number of positions per batch, which limits the number of logits in memory. */
  static final int BATCH_POSITIONS = 4096;

  /**
   * Lengths are rounded up to a multiple of this value, so that the engine handles only a few
   * distinct shapes.
   */
  private static final int LENGTH_STEP = 16;

  /**
   * First scored positions are rounded down to a multiple of this value, so that the engine sees
   * few shapes.
   */
  private static final int FIRST_STEP = 32;

  /** Returns the total loss of each document in nats. */
  double[] score(List<int[]> documents) {
    return score(documents, new int[documents.size()]);
  }

  /**
   * Returns the total loss of each document in nats, from a given token on.
   *
   * @param from index of the first scored token of each document; earlier tokens are context
   */
  double[] score(List<int[]> documents, int[] from) {
    List<ScoredWindow> windows = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      for (Window w : Window.of(d, documents.get(d).length, model.context())) {
        ScoredWindow scored = new ScoredWindow(w, Math.max(w.fresh(), from[d] - w.start()));
        if (scored.first() < w.length()) {
          windows.add(scored);
        }
      }
    }
    windows.sort(ScoredWindow.ORDER); // a stable sort
    double[] nats = new double[documents.size()];
    int next = 0;
    while (next < windows.size()) {
      ScoredWindow longest = windows.get(next);
      int length = padded(longest.length());
      int first = longest.firstRead();
      int end = next + 1;
      while (end < windows.size()
          && (end - next + 1) * length <= BATCH_POSITIONS
          && windows.get(end).firstRead() == first) {
        end++;
      }
      score(documents, windows.subList(next, end), length, first, nats);
      next = end;
    }
    return nats;
  }

  /**
   * A window and its first scored position. Windows with similar lengths and similar first scored
   * positions are batched together, so that the model can skip the output at earlier positions.
   *
   * @param first first scored position, relative to the window
   */
  private record ScoredWindow(Window window, int first) {
    static final Comparator<ScoredWindow> ORDER =
        Comparator.comparingInt(ScoredWindow::firstRead)
            .thenComparing(Comparator.comparingInt(ScoredWindow::length).reversed());

    int length() {
      return window.length();
    }

    int firstRead() {
      return first / FIRST_STEP * FIRST_STEP;
    }
  }

  private int padded(int length) {
    int up = (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
    return Math.min(up, model.context());
  }

  private void score(
      List<int[]> documents, List<ScoredWindow> rows, int length, int first, double[] nats) {
    int[] ids = new int[rows.size() * (length + 1)];
    // Attention is causal, so the padding after a short row has no effect.
    Arrays.fill(ids, endOfText);
    for (int r = 0; r < rows.size(); r++) {
      Window w = rows.get(r).window();
      int[] tokens = documents.get(w.document());
      int at = r * (length + 1);
      ids[at] = w.start() == 0 ? endOfText : tokens[w.start() - 1];
      System.arraycopy(tokens, w.start(), ids, at + 1, w.length());
    }
    int count = length - first;
    float[] losses = new float[rows.size() * count];
    model.losses(ids, rows.size(), length, first, losses);
    for (int r = 0; r < rows.size(); r++) {
      ScoredWindow scored = rows.get(r);
      double sum = 0;
      for (int i = scored.first(); i < scored.length(); i++) {
        sum += losses[r * count + i - first];
      }
      nats[scored.window().document()] += sum;
    }
  }
}
