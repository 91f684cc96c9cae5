package dev.mixlaw.train.engine.llama.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests both implementations of softmax. A session on this machine uses only one of them. */
class SoftmaxTest {
  private static final int OFFSET = 5;

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 7, 1", "64, 192, 5", "2, 20000, 30", "4, 50, 200"})
  void givenRows_whenNormalized_thenAsDefined(int rows, int columns, double size) {
    assumeTrue(OneDnn.problem().isEmpty(), () -> OneDnn.problem().toString());
    for (Softmax softmax : new Softmax[] {new JavaSoftmax(), new OneDnnSoftmax()}) {
      try (softmax;
          OffHeapFloats x = OffHeapFloats.allocate(OFFSET + (long) rows * columns);
          OffHeapFloats y = OffHeapFloats.allocate((long) rows * columns);
          OffHeapFloats w = OffHeapFloats.allocate((long) rows * columns);
          OffHeapFloats d = OffHeapFloats.allocate((long) rows * columns)) {
        Random random = new Random(columns);
        double[] expected = new double[rows * columns];
        for (int i = 0; i < expected.length; i++) {
          float value = (float) (size * random.nextGaussian());
          boolean hidden = columns > 1 && i % columns == 1;
          x.buffer().put(OFFSET + i, hidden ? Softmax.HIDDEN : value);
          expected[i] = hidden ? Double.NEGATIVE_INFINITY : value;
          d.buffer().put(i, (float) random.nextGaussian());
        }
        double[] back = new double[expected.length];
        for (int row = 0; row < expected.length; row += columns) {
          normalize(expected, row, columns);
          double dot = 0;
          for (int i = row; i < row + columns; i++) {
            w.buffer().put(i, (float) expected[i]);
            dot += expected[i] * d.buffer().get(i);
          }
          for (int i = row; i < row + columns; i++) {
            back[i] = expected[i] * (d.buffer().get(i) - dot);
          }
        }

        softmax.forward(x, OFFSET, y, rows, columns, 0.25f);
        softmax.backward(w, d, rows, columns);

        for (int i = 0; i < expected.length; i++) {
          assertThat((double) y.buffer().get(i)).isCloseTo(expected[i] / 4, within(1e-5));
          assertThat((double) d.buffer().get(i)).isCloseTo(back[i], within(1e-5));
        }
      }
    }
  }

  private static void normalize(double[] x, int at, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = at; i < at + n; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = at; i < at + n; i++) {
      x[i] = Math.exp(x[i] - max);
      sum += x[i];
    }
    for (int i = at; i < at + n; i++) {
      x[i] /= sum;
    }
  }
}
