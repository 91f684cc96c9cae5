package dev.mixlaw.train.engine.llama.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.ProductShape;
import dev.mixlaw.train.engine.vector.LaneThreads;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductLimitTest {
  @Test
  void moreProductsTakeLonger() {
    try (LaneThreads lanes = new LaneThreads(2, "test", OneDnn::useThisThreadOnly)) {
      double few = seconds(lanes, 1);
      double many = seconds(lanes, 1000);

      assertThat(few).isPositive().isLessThan(many);
    }
  }

  private static double seconds(LaneThreads lanes, int times) {
    return ProductLimit.seconds(
        lanes, lane -> List.of(new ProductShape(64, 32, 48, times)), Precision.FP32);
  }
}
