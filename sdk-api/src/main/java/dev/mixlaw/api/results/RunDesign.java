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
   * @param width expected width of the 95 % confidence interval after these runs, to first order;
   *     of the widest one if there are several
   */
  record Choice<R>(List<R> runs, double flops, double width) {
    /** Copies the list. */
    public Choice {
      runs = List.copyOf(runs);
    }
  }

  /**
   * Sets the number of runs at a point, including existing runs, from which no more runs are chosen
   * for this point. Only a run with a larger budget, which also measures smaller ones, can add to
   * them. The limit is necessary because many cheap runs reduce the noise, but not the misfit of
   * the law, which grows with the extrapolation. Default: 5.
   *
   * @throws IllegalArgumentException if the number is below 1
   */
  RunDesign<R> atMost(int runs);

  /** Returns the runs that reduce the uncertainty most within a compute budget in FLOPs. */
  Answer<Choice<R>> next(double flops);

  /**
   * Returns the runs of the next step toward the given width of the 95 % confidence interval. A
   * step narrows the interval by at most about a quarter, because few runs are a poor basis for the
   * choice of expensive ones. The result has no runs if the interval is narrow enough. It has all
   * candidates if they are not sufficient.
   *
   * @param width width in the unit of the result, above 0
   */
  Answer<Choice<R>> reach(double width);
}
