package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
  void reportsWhatNeedsMoreSizesBudgetsOrSeeds() {
    Study small = study(new String[] {"1M"}, "1M", "2M", "4M", "4000k");

    assertThat(new StudyAnalyst().outlook(small))
        .satisfiesExactly(
            w ->
                assertThat(w)
                    .startsWith("3 budgets are too few to fit a law")
                    .contains("use at least 4 (Study.budgets)"),
            w ->
                assertThat(w)
                    .startsWith("1 model size is too few to fit a law")
                    .contains("Study.models"),
            w -> assertThat(w).startsWith("with one seed per mixture").contains("Study.seeds"));
  }

  @Test
  void saysWhichDifferencesTheSeedsDetect() {
    Study study = study(new String[] {"1M", "2M"}, "500k", "2M").seeds("web", 3);

    // with 4 degrees of freedom, the quantiles of Student's t are 2.776 (95 % two-sided) and 0.941
    // (80 % one-sided): (2.776 + 0.941) · (1 + 0.85 / 4 + 0.8 / 16) · 0.03 · √(1 + 1/3) = 0.1626
    assertThat(new StudyAnalyst().power(study))
        .singleElement()
        .asString()
        .contains("a mixture with 1 seed and the baseline with 3")
        .contains("0.163 at 500k, 0.0813 at 2M", "4 degrees of freedom");
    assertThat(new StudyAnalyst().power(study(new String[] {"1M"}, "2M"))).isEmpty();
    // only the runs of model 1M are trained, so one number of seeds does not apply to all models
    // and budgets, and no detectable difference is stated
    Study chosen = study.only(run -> run.model().equals("1M"));
    assertThat(new StudyAnalyst().power(chosen)).isEmpty();
  }

  @Test
  void detectChoosesSeeds() {
    Study study = study(new String[] {"1M"}, "500k", "2M").seeds("web", 3).detect(0.02);

    // number of seeds: 2 · (1.96 + 0.842)² · (0.015 / 0.02)² = 8.8, where (1.96 + 0.842)² = 7.849
    assertThat(study.seeds()).isEqualTo(9);
    assertThat(study.seedsByMixture()).isEmpty();
    assertThat(study.detect(1).seeds()).isEqualTo(2);
    // 9 seeds at 2M tokens detect .02; a tenth of that takes 100 times as many tokens
    assertThatIllegalArgumentException()
        .isThrownBy(() -> study.detect(0.002))
        .withMessageContaining("needs 884 seeds at 2M tokens")
        .withMessageContaining("a budget of 354M, for which 5 seeds suffice");
    assertThatIllegalArgumentException().isThrownBy(() -> study.detect(0));
    assertThatIllegalStateException().isThrownBy(() -> Study.named("s").detect(0.02));
  }
}
