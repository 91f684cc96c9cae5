package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.hipparchus.analysis.MultivariateFunction;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.PointValuePair;
import org.hipparchus.optim.SimpleValueChecker;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.hipparchus.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that solvers of another library find the same optimum. */
class SecondSolverTest {
  static Stream<Truth> forms() {
    // the data-constrained law has only two parameters that are meant to be fitted
    return Truth.all().filter(t -> t.form() != LawForms.DATA_CONSTRAINED);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void levenbergMarquardtAgreesOnLeastSquares(Truth truth) {
    // given losses with a relative noise of 0.1 %
    SplittableRandom random = new SplittableRandom(9);
    Observations points = truth.observe(() -> 1e-3 * random.nextGaussian());
    // when
    LawFit fit =
        LawFitter.of(truth.form())
            .objective(Objective.LEAST_SQUARES)
            .bootstrap(100)
            .fit(points)
            .orElseThrow();
    double theirs = leastSquares(truth, points);
    // then
    assertThat(fit.objective() / theirs).isCloseTo(1, within(1e-7));
  }

  /**
   * Returns the objective at the minimum that the other solver finds. It starts at the true
   * parameters, by which it scales all parameters.
   */
  private static double leastSquares(Truth truth, Observations points) {
    double[] unit = truth.parameters();
    MultivariateJacobianFunction model =
        at -> {
          double[] p = new double[unit.length];
          Arrays.setAll(p, k -> at.getEntry(k) * unit[k]);
          RealVector values = new ArrayRealVector(points.size());
          RealMatrix jacobian = new Array2DRowRealMatrix(points.size(), unit.length);
          double[] gradient = new double[unit.length];
          for (int i = 0; i < points.size(); i++) {
            double[] z = truth.form().features(points.get(i).inputs());
            values.setEntry(i, truth.form().evaluate(p, z, gradient));
            for (int k = 0; k < unit.length; k++) {
              jacobian.setEntry(i, k, gradient[k] * unit[k]);
            }
          }
          return new Pair<>(values, jacobian);
        };
    double[] start = new double[unit.length];
    Arrays.fill(start, 1);
    LeastSquaresOptimizer.Optimum optimum =
        new LevenbergMarquardtOptimizer()
            .withCostRelativeTolerance(1e-14)
            .withParameterRelativeTolerance(1e-14)
            .optimize(
                new LeastSquaresBuilder()
                    .model(model)
                    .target(points.losses())
                    .start(start)
                    .maxEvaluations(5000)
                    .maxIterations(5000)
                    .build());
    return optimum.getResiduals().dotProduct(optimum.getResiduals());
  }

  @Test
  void nelderAndMeadAgreeOnTheHuberLossOfChinchilla() {
    // given
    Observations points = SharedData.chinchilla().dropHighest(5);
    MultivariateFunction huber =
        p -> {
          double sum = 0;
          for (Observations.Observation o : points.rows()) {
            double law =
                p[0]
                    + Math.exp(p[1] - p[3] * (Math.log(o.inputs()[0]) - 20))
                    + Math.exp(p[2] - p[4] * (Math.log(o.inputs()[1]) - 23));
            double r = Math.abs(Math.log(law / o.loss()));
            sum += r <= 1e-3 ? r * r / 2 : 1e-3 * (r - .5e-3);
          }
          return 1e3 * sum;
        };
    double[] at = {1.5, -1, -1, .3, .3};
    double value = Double.POSITIVE_INFINITY;
    // when the solver is restarted with a new simplex at each minimum that it found
    for (int round = 0; round < 12; round++) {
      PointValuePair end =
          new SimplexOptimizer(new SimpleValueChecker(1e-13, 1e-15))
              .optimize(
                  new MaxEval(20000),
                  new ObjectiveFunction(huber),
                  GoalType.MINIMIZE,
                  new InitialGuess(at),
                  new NelderMeadSimplex(5, round % 2 == 0 ? .1 : -.03));
      at = end.getPoint();
      value = Math.min(value, end.getValue() / 1e3);
    }
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(100).fit(points).orElseThrow();
    // then
    assertThat(value / fit.objective()).isCloseTo(1, within(1e-8));
    assertThat(at[4]).isCloseTo(fit.value("beta"), within(1e-4));
  }
}
