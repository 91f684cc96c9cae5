package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NeighbourhoodTest {
  @Test
  void aFixedWeightLeavesTheOthersOfItsGroupFinite() {
    // given the joint law of three sources, with one weight fixed above the mean of its group
    LawForm form = LawForms.mixtureJoint(List.of("x", "y", "z"));
    Criterion criterion = Criterion.of(Objective.HUBER_LOG);
    ObservationsBuilder runs =
        ObservationsBuilder.of(form.inputs().stream().map(Input::name).toArray(String[]::new));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 60; i++) {
      double x = random.nextDouble();
      double y = random.nextDouble(1 - x);
      runs.add(
          2 + 0.1 * random.nextDouble(), 1e6 * (1 + i % 5), 1e8 * (1 + i % 7), x, y, 1 - x - y);
    }
    FitData rows = FitData.of(form, runs.build(), criterion);
    ParameterSpace space = new ParameterSpace(form, Map.of("a_x", 0.8));
    StartPoints points = new StartPoints(space, rows, criterion);
    Neighbourhood neighbourhood = new Neighbourhood(space, points, rows.features[0]);

    // then
    for (double[] start : points.best(1)) {
      for (int set = 0; set < neighbourhood.size(); set++) {
        assertThat(neighbourhood.of(start, set))
            .allMatch(other -> Arrays.stream(other).allMatch(Double::isFinite));
      }
    }
  }
}
