package dev.mixlaw.eval.evaluate;

import dev.mixlaw.api.spi.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Scores documents in batches of windows of about the same length. Not for several threads. */
final class WindowScorer {
  /** Most positions of a call: bounds the logits a model has to hold. */
  static final int BATCH_POSITIONS = 4096;

  /** Lengths are rounded up to this, so that an engine sees few shapes. */
  private static final int LENGTH_STEP = 16;

  /** First positions asked for are rounded down to this, for the same reason. */
  private static final int FIRST_STEP = 32;

  private final LanguageModel model;
  private final int endOfText;

  public WindowScorer(LanguageModel model, int endOfText) {
    this.model = model;
    this.endOfText = endOfText;
  }

  /** Nats of each document, summed over its tokens. */
  public double[] score(List<int[]> documents) {
    return score(documents, new int[documents.size()]);
  }

  /**
   * Nats of each document's end.
   *
   * @param from the first token of each that counts; the ones before are read
   */
  public double[] score(List<int[]> documents, int[] from) {
    List<Wanted> windows = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      for (Window w : Window.of(d, documents.get(d).length, model.context())) {
        Wanted wanted = new Wanted(w, Math.max(w.fresh(), from[d] - w.start()));
        if (wanted.first() < w.length()) {
          windows.add(wanted);
        }
      }
    }
    windows.sort(Wanted.ORDER); // stable
    double[] nats = new double[documents.size()];
    int next = 0;
    while (next < windows.size()) {
      Wanted longest = windows.get(next);
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
   * A window, and the first of its positions that counts. Those that are alike in length and in
   * what counts go together: models leave out what they can of the rest.
   */
  private record Wanted(Window window, int first) {
    static final Comparator<Wanted> ORDER =
        Comparator.comparingInt(Wanted::firstRead)
            .thenComparing(Comparator.comparingInt(Wanted::length).reversed());

    int length() {
      return window.length();
    }

    /** The first position that is asked for: rounded down, so that there are few. */
    int firstRead() {
      return first / FIRST_STEP * FIRST_STEP;
    }
  }

  private int padded(int length) {
    int up = (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
    return Math.min(up, model.context());
  }

  private void score(
      List<int[]> documents, List<Wanted> rows, int length, int first, double[] nats) {
    int[] ids = new int[rows.size() * (length + 1)];
    // What follows a short row is never looked at: no token sees the ones after it.
    Arrays.fill(ids, endOfText);
    for (int r = 0; r < rows.size(); r++) {
      Window w = rows.get(r).window();
      int[] tokens = documents.get(w.document());
      int at = r * (length + 1);
      ids[at] = w.start() == 0 ? endOfText : tokens[w.start() - 1];
      System.arraycopy(tokens, w.start(), ids, at + 1, w.length());
    }
    int asked = length - first;
    float[] losses = new float[rows.size() * asked];
    model.losses(ids, rows.size(), length, first, losses);
    for (int r = 0; r < rows.size(); r++) {
      Wanted wanted = rows.get(r);
      double sum = 0;
      for (int i = wanted.first(); i < wanted.length(); i++) {
        sum += losses[r * asked + i - first];
      }
      nats[wanted.window().document()] += sum;
    }
  }
}
