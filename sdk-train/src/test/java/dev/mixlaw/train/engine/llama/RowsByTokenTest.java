package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowsByTokenTest {
  @Test
  void rowsAreSortedByTokenAndThenByPlaceWithoutTheLastOfASequence() {
    RowsByToken order = new RowsByToken(40, 12);
    int[] ids = new Random(3).ints(5 * 5, 0, 40).toArray();
    ids[11] = 39;
    ids[16] = 39;
    for (int from : new int[] {2, 0, 2}) {
      int[] tokens =
          IntStream.range(0, 12).map(row -> ids[(from + row / 4) * 5 + row % 4]).toArray();
      int[] expected =
          IntStream.range(0, 12)
              .boxed()
              .sorted(Comparator.comparingInt(row -> tokens[row]))
              .mapToInt(row -> row)
              .toArray();

      assertThat(order.sort(ids, from, 3, 4)).isEqualTo(expected);
    }
  }
}
