package dev.mixlaw.eval.analysis;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measured losses of a mixture at one model, joined by straight lines over ln D.
 *
 * @param cells by ascending budget
 */
record MeasuredCurve(List<StudyGrid.Cell> cells) {
  double tokens(int i) {
    return cells.get(i).tokens();
  }

  boolean spans(double tokens) {
    return !cells.isEmpty() && tokens(0) <= tokens && tokens <= tokens(cells.size() - 1);
  }

  /** The loss at a number of tokens that the curve spans. */
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
    double way = Math.log(tokens / tokens(i - 1)) / Math.log(tokens(i) / tokens(i - 1));
    return below + way * (above - below);
  }

  /**
   * Tokens at which the curve first comes down to a loss: 0 if it begins below, infinite if it
   * never does.
   */
  double tokensFor(double loss, ToDoubleFunction<StudyGrid.Cell> losses) {
    double before = losses.applyAsDouble(cells.get(0));
    if (before <= loss) {
      return before == loss ? tokens(0) : 0;
    }
    for (int i = 1; i < cells.size(); i++) {
      double after = losses.applyAsDouble(cells.get(i));
      if (after <= loss) {
        double way = (before - loss) / (before - after);
        return tokens(i - 1) * Math.pow(tokens(i) / tokens(i - 1), way);
      }
      before = after;
    }
    return Double.POSITIVE_INFINITY;
  }
}
