package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductShapeTest {
  private static final int VOCABULARY = 300;
  private static final ModelSpec MODEL =
      ModelSpec.of("profiled", 32, 2, 4, 48).withContext(24).withTiedHead(false);

  @Test
  void aStepsProductsAreTheFlopsOfTheModel() {
    // A step needs 6 operations per weight and token, without the embedding and the norms, plus
    // causal attention (Kaplan et al. 2020).
    int tokens = 5 * MODEL.context();
    long weights =
        MODEL.parameters(VOCABULARY)
            - (long) VOCABULARY * MODEL.width()
            - (2L * MODEL.layers() + 1) * MODEL.width();
    double expected =
        6.0 * weights * tokens + 6.0 * MODEL.layers() * MODEL.context() * MODEL.width() * tokens;

    double flops =
        ProductShape.ofStep(MODEL, VOCABULARY, List.of(2, 2, 1), 17).stream()
            .mapToDouble(s -> 2.0 * s.rows() * s.inner() * s.columns() * s.times())
            .sum();

    assertThat(flops).isCloseTo(expected, within(1e-9 * expected));
  }
}
