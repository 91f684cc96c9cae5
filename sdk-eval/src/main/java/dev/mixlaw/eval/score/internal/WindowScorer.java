package dev.mixlaw.eval.score.internal;

import dev.mixlaw.api.spi.LanguageModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Scores documents in batches of windows of about the same length. Not for several threads. */
public final class WindowScorer {
  /** Most positions of a call: bounds the logits a model has to hold. */
  static final int BATCH_POSITIONS = 4096;

  /** Lengths are rounded up to this, so that an engine sees few shapes. */
  private static final int LENGTH_STEP = 16;

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
    List<Window> windows = new ArrayList<>();
    for (int d = 0; d < documents.size(); d++) {
      windows.addAll(Window.of(d, documents.get(d).length, model.context()));
    }
    windows.sort(Comparator.comparingInt(Window::length).reversed()); // stable
    double[] nats = new double[documents.size()];
    int next = 0;
    while (next < windows.size()) {
      int length = padded(windows.get(next).length());
      int end = Math.min(windows.size(), next + Math.max(1, BATCH_POSITIONS / length));
      score(documents, from, windows.subList(next, end), length, nats);
      next = end;
    }
    return nats;
  }

  private int padded(int length) {
    int up = (length + LENGTH_STEP - 1) / LENGTH_STEP * LENGTH_STEP;
    return Math.min(up, model.context());
  }

  private void score(
      List<int[]> documents, int[] from, List<Window> rows, int length, double[] nats) {
    int[] ids = new int[rows.size() * (length + 1)];
    // What follows a short row is never looked at: no token sees the ones after it.
    Arrays.fill(ids, endOfText);
    for (int r = 0; r < rows.size(); r++) {
      Window w = rows.get(r);
      int[] tokens = documents.get(w.document());
      int at = r * (length + 1);
      ids[at] = w.start() == 0 ? endOfText : tokens[w.start() - 1];
      System.arraycopy(tokens, w.start(), ids, at + 1, w.length());
    }
    float[] losses = new float[rows.size() * length];
    model.losses(ids, rows.size(), length, losses);
    for (int r = 0; r < rows.size(); r++) {
      Window w = rows.get(r);
      double sum = 0;
      for (int i = Math.max(w.fresh(), from[w.document()] - w.start()); i < w.length(); i++) {
        sum += losses[r * length + i];
      }
      nats[w.document()] += sum;
    }
  }
}
