package dev.mixlaw.api.results;

import java.util.List;

/**
 * A choice of the runs that reduce the uncertainty of a result most per floating-point operation.
 *
 * <p>A design is sequential. The first runs are few and cheap. They are analyzed, the design
 * chooses the next runs from the result, and so on:
 *
 * <pre>{@code
 * var choice = findings.design(params("1B"), tokens("20B"), "hq-33", "web").reach(0.02).orElseThrow();
 * while (!choice.runs().isEmpty()) {
 *   study = study.runs(choice.runs()); // in addition to the runs so far
 *   choice = lab.run(study).design(params("1B"), tokens("20B"), "hq-33", "web").reach(0.02).orElseThrow();
 * }
 * }</pre>
 *
 * <p>A design assumes that the form of the law is correct, and therefore limits the number of runs
 * at each point. Read the warnings of the law after each step.
 *
 * @param <R> description of a run
 */
public interface RunDesign<R> {
  /**
   * The chosen runs.
   *
   * @param runs the runs to train; equal runs are to be trained with different seeds
   * @param flops floating-point operations of these runs, as 6·N·D
   * @param width expected width of the 95 % confidence interval after these runs, as a first-order
   *     approximation; if the result has several intervals, the width of the widest one
   */
  record Choice<R>(List<R> runs, double flops, double width) {
    /** Copies the list. */
    public Choice {
      runs = List.copyOf(runs);
    }
  }

  /**
   * Sets the largest number of runs at a point, such as a combination of mixture, model and budget;
   * 5 by default. Existing runs are included. The limit can be exceeded only by runs with a larger
   * budget, because they are also measured at the smaller budgets. The limit is necessary because
   * many cheap runs reduce the noise, but not the misfit of the law, which grows with the
   * extrapolation.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  RunDesign<R> atMost(int runs);

  /** Returns the runs that reduce the uncertainty most within a compute budget in FLOPs. */
  Answer<Choice<R>> next(double flops);

  /**
   * Returns the runs of the next step toward the given width of the 95 % confidence interval. A
   * step narrows the interval by at most about a quarter, because few runs are a poor basis for the
   * choice of expensive ones. The result contains no runs if the interval is narrow enough. If no
   * choice of runs is sufficient, the result contains all runs that the limit allows.
   *
   * @param width width in the unit of the result, above 0
   */
  Answer<Choice<R>> reach(double width);
}
