package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.eval.analysis.StudyLaws.LawKey;
import dev.mixlaw.eval.law.LawForms;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RefusalCollectorTest {
  private static final StudyGrid.Model SMALL = new StudyGrid.Model("1M", new Params(1_000_000));
  private static final StudyGrid.Model LARGE = new StudyGrid.Model("3M", new Params(3_000_000));

  private final RefusalCollector refusals = new RefusalCollector();

  private static StudyGrid grid() {
    SyntheticRuns s = new SyntheticRuns();
    s.mixture("web", Map.of("web", 1.0), (n, d) -> 3);
    s.mixture("hq", Map.of("hq", 1.0), (n, d) -> 3);
    return new StudyGrid(s.provenance(), s.runs(), Metric.NATS_PER_TOKEN);
  }

  private void refuse(String mixture, StudyGrid.Model model, String domain, String reason) {
    refusals.law(
        new LawKey(LawForms.DATA, mixture, Optional.of(model), Optional.empty()),
        domain,
        new Refusal("ignored", reason, "more data"));
  }

  @Test
  void saysWhatIsRefusedEverywhereInOneBreath() {
    for (String domain : List.of("macro", "wiki", "code")) {
      for (String mixture : List.of("web", "hq")) {
        refuse(mixture, SMALL, domain, "too few");
        refuse(mixture, LARGE, domain, "too few");
      }
    }

    assertThat(refusals.all(grid()))
        .extracting(Refusal::toString)
        .containsExactly(
            "law L(D) of every mixture at every model on every domain and their average: refused,"
                + " too few; more data");
  }

  @Test
  void saysNoMoreThanIsRefused() {
    // given laws of web refused for both models on one domain, and laws of hq refused for one model
    // on all domains
    refuse("web", SMALL, "wiki", "no minimum");
    refuse("web", LARGE, "wiki", "no minimum");
    refuse("hq", SMALL, "macro", "no minimum");
    refuse("hq", SMALL, "wiki", "no minimum");
    refuse("hq", SMALL, "code", "no minimum");
    refuse("hq", LARGE, "code", "another reason");

    assertThat(refusals.all(grid()))
        .extracting(Refusal::question)
        .containsExactlyInAnyOrder(
            "law L(D) of web at every model on wiki",
            "law L(D) of hq at model 1M on every domain and their average",
            "law L(D) of hq at model 3M on code");
  }

  @Test
  void keepsOtherRefusalsOnce() {
    Refusal other = new Refusal("noise", "one seed", "more");
    refusals.add(other);
    refusals.add(other);

    assertThat(refusals.all(grid())).containsExactly(other);
  }
}
