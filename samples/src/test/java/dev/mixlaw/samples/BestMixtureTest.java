package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BestMixtureTest {
  @TempDir Path temporary;

  @Test
  void theSmallestGoesTheWholeWayAndOnWhereItWas() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path lab = temporary.resolve("lab");

    Ran ran = run(corpora, lab);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("best shares for", "proposed on", "natural: measured");
    JsonNode trial = ran.json().get("trial");
    assertThat(trial.get("mixtures").get("proposed").get("seeds").intValue()).isEqualTo(3);
    assertThat(trial.get("mixtures").get("natural").get("seeds").intValue()).isEqualTo(3);
    assertThat(trial.get("against").get("natural").get("verdict").asText())
        .isIn("better", "worse", "not_told");
    double sum = 0;
    for (JsonNode share : ran.json().get("trained_shares")) {
      sum += share.doubleValue();
      assertThat(share.doubleValue()).isGreaterThanOrEqualTo(0.02);
    }
    assertThat(sum).isCloseTo(1, within(1e-9));
    assertThat(lab.resolve("best-mixture.html"))
        .content()
        .contains("Validation", "Predicted and measured");
    assertThat(lab.resolve("best-mixture/results.json")).isNotEmptyFile();
    assertThat(run(corpora, lab).json()).isEqualTo(ran.json());
  }

  private Ran run(Path corpora, Path lab) throws Exception {
    return Ran.writing(
        temporary.resolve("out.json"),
        new BestMixture(),
        "--smallest",
        "--threads",
        "2",
        "--corpora",
        corpora.toString(),
        "--lab",
        lab.toString());
  }

  @Test
  void tooFewMixturesAreReportedBeforeAnyIsTrained() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path lab = temporary.resolve("lab");

    Ran ran =
        Ran.of(
            new BestMixture(),
            "--mixtures",
            "3",
            "--corpora",
            corpora.toString(),
            "--lab",
            lab.toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--mixtures", "3 mixtures of the corpora", "at least 4");
    assertThat(lab.resolve("best-mixture")).doesNotExist();
  }

  @Test
  void allWrongOptionsAreReportedAtOnce() {
    Ran ran = Ran.of(new BestMixture(), "--fit", "guess", "--seeds", "1", "--budget", "lots");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--fit", "guess", "--seeds", "--budget", "lots");
  }
}
