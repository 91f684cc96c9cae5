package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import java.util.List;
import org.junit.jupiter.api.Test;

class DesignWarningsTest {
  private static final Corpus WEB = Corpus.documents("web", () -> DocumentStream.of(List.of()));
  private static final Corpus HQ = Corpus.documents("hq", () -> DocumentStream.of(List.of()));

  private static Study study(String[] models, String... budgets) {
    return Study.named("s")
        .mixtures(Mixture.grid(WEB, HQ, 0, 0.5, 1))
        .models(ModelSpec.ladder(models))
        .budgets(budgets)
        .evaluateOn(Domains.of(WEB.named("held-out")));
  }

  @Test
  void fourSizesFourBudgetsAndSeedsLackNothing() {
    Study whole =
        study(new String[] {"1M", "2M", "4M", "8M"}, "1M", "2M", "4M", "8M").seeds("web", 3);

    assertThat(new StudyAnalyst().outlook(whole)).isEmpty();
  }

  @Test
  void saysWhatTooFewSizesBudgetsAndSeedsCannotCarry() {
    Study small = study(new String[] {"1M"}, "1M", "2M", "4M", "4000k");

    assertThat(new StudyAnalyst().outlook(small))
        .satisfiesExactly(
            w ->
                assertThat(w)
                    .startsWith("3 budgets are too few to fit a law")
                    .contains("4 are needed, Study.budgets"),
            w ->
                assertThat(w)
                    .startsWith("1 model size is too few to fit a law")
                    .contains("Study.models"),
            w -> assertThat(w).startsWith("with one seed per mixture").contains("Study.seeds"));
  }
}
