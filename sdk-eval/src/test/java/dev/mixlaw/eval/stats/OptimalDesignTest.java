package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.stats.OptimalDesign.Candidate;
import dev.mixlaw.eval.stats.OptimalDesign.Model;
import dev.mixlaw.eval.stats.OptimalDesign.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimalDesignTest {
  @Test
  void aLongRunCountsAtThePointsThatItPasses() {
    // given a run that measures at a and b, and a less informative run that measures at a
    Candidate shorter = new Candidate(new double[][] {{1}}, 1, List.of("a"), 0);
    Candidate longer = new Candidate(new double[][] {{5}, {5}}, 1, List.of("a", "b"), 0);
    OptimalDesign<Integer> design =
        new OptimalDesign<>(
            "design",
            Answer.known(
                new Model<>(
                    List.of(new double[] {1}),
                    List.of(new Target(new double[] {1}, 0, 1)),
                    List.of(shorter, longer),
                    chosen -> chosen)));

    // then
    assertThat(design.atMost(1).next(10).orElseThrow().runs()).containsExactly(1);
    assertThat(design.atMost(2).next(10).orElseThrow().runs()).containsExactly(1, 1);
  }
}
