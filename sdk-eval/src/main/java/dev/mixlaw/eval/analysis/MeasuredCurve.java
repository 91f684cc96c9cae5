package dev.mixlaw.eval.analysis;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The measured losses of a mixture at one model, interpolated linearly in ln D.
 *
 * @param cells points in ascending order of budget
 */
record MeasuredCurve(List<StudyGrid.Cell> cells) {
  double tokens(int i) {
    return cells.get(i).tokens();
  }

  boolean spans(double tokens) {
    return !cells.isEmpty() && tokens(0) <= tokens && tokens <= tokens(cells.size() - 1);
  }

  /** Returns the loss at a number of tokens, which must be within the measured budgets. */
  double loss(double tokens, ToDoubleFunction<StudyGrid.Cell> losses) {
    int i = 0;
    while (tokens(i) < tokens) {
      i++;
    }
    double above = losses.applyAsDouble(cells.get(i));
    if (tokens(i) == tokens) {
      return above;
    }
    double below = losses.applyAsDouble(cells.get(i - 1));
    double fraction = Math.log(tokens / tokens(i - 1)) / Math.log(tokens(i) / tokens(i - 1));
    return below + fraction * (above - below);
  }

  /**
   * Returns the number of tokens at which the curve first reaches a loss. It is 0 if the curve
   * starts below the loss, and infinite if the curve never reaches it.
   */
  double tokensFor(double loss, ToDoubleFunction<StudyGrid.Cell> losses) {
    double before = losses.applyAsDouble(cells.get(0));
    if (before <= loss) {
      return before == loss ? tokens(0) : 0;
    }
    for (int i = 1; i < cells.size(); i++) {
      double after = losses.applyAsDouble(cells.get(i));
      if (after <= loss) {
        double fraction = (before - loss) / (before - after);
        return tokens(i - 1) * Math.pow(tokens(i) / tokens(i - 1), fraction);
      }
      before = after;
    }
    return Double.POSITIVE_INFINITY;
  }
}
