package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.Findings;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.RunResult.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class FileReportWriterTest {
  @TempDir Path directory;

  @Test
  void thePageAnswersTheQuestionAndIsWellFormed() throws Exception {
    Document page = page(SimulatedStudy.usual().findings());

    String text = page.getDocumentElement().getTextContent();
    assertThat(text)
        .contains("paraphrased-33 is better than natural")
        .contains("Worse than natural")
        .contains("Best share of paraphrased")
        .contains("learning rate 3M: 0.0041 is above the range")
        .contains("L(D) = E + B·D^−β");
    assertThat(page.getElementsByTagName("svg").getLength()).isGreaterThan(10);
  }

  @Test
  void everyCoordinateIsFiniteAndInsideItsDrawing() throws Exception {
    SvgCheck.finiteAndInside(page(SimulatedStudy.usual().findings()).getDocumentElement());
  }

  @Test
  void nothingIsFetchedFromElsewhere() {
    assertThat(ReportPage.of(SimulatedStudy.usual().findings()))
        .doesNotContain("http:", "https:", "src=", "<script", "@import", "url(");
  }

  @Test
  void namesAreTextWhateverTheyHold() throws Exception {
    SimulatedStudy study = new SimulatedStudy();
    study.mixture("<b>&\"'", Map.of("natural", 1.0), 0, 1);
    study.mixture("<script>%s", Map.of("natural", 0.5, "<i>", 0.5), 0.1, 1);
    study.domains.put("a<b", 25);

    Document page = page(study.findings());

    assertThat(page.getDocumentElement().getTextContent()).contains("<b>&\"'", "<script>%s", "a<b");
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("b").getLength()).isZero();
  }

  @Test
  void resultsHoldWhatProgramsArePromisedAndNoNumberThatIsNone() throws Exception {
    Findings findings = SimulatedStudy.usual().findings();
    new FileReportWriter().write(findings, directory.resolve("report.html"));

    String json = Files.readString(directory.resolve("results.json"));
    JsonNode results = JsonMapper.builder().build().readTree(json);
    for (String key :
        List.of("mixtures", "domains", "losses", "laws", "best_share", "speedup", "refused")) {
      assertThat(results.path(key).isArray() && !results.path(key).isEmpty()).as(key).isTrue();
    }
    assertThat(json).doesNotContain("NaN", "Infinity", directory.toString());
    // 14 runs of 5 budgets, 7 domains and two averages
    assertThat(results.path("losses")).hasSize(14 * 5 * 9);
    for (JsonNode loss : results.path("losses")) {
      assertThat(loss.path("nats_per_token").asDouble())
          .isBetween(loss.path("low").asDouble(), loss.path("high").asDouble());
    }
    try (Stream<String> lines = Files.lines(directory.resolve("runs.jsonl"))) {
      assertThat(lines).hasSize(70).allMatch(line -> line.contains("\"seconds\""));
    }
  }

  @Test
  void theSameFindingsGiveTheSameBytes() {
    assertThat(ResultsJson.results(SimulatedStudy.usual().findings()))
        .isEqualTo(ResultsJson.results(SimulatedStudy.usual().findings()));
  }

  @Test
  void aStudyWithoutACompletedRunSaysSo() throws Exception {
    SimulatedStudy study = SimulatedStudy.usual();
    study.outcome = key -> new Outcome.Diverged(12, "loss is not finite");

    String text = page(study.findings()).getDocumentElement().getTextContent();

    assertThat(text)
        .contains("No run was completed")
        .contains("diverged at step 12, loss is not finite");
  }

  @Test
  void aMixtureAloneAndManyMixturesHaveAPage() throws Exception {
    SimulatedStudy alone = new SimulatedStudy();
    alone.mixture("natural", Map.of("natural", 1.0), 0, 1).domains.put("wiki", 30);
    SimulatedStudy many = new SimulatedStudy();
    many.budgets = many.budgets.subList(0, 2);
    for (int i = 0; i < 20; i++) {
      many.mixture("mixture-" + i, Map.of("natural", 1.0), 0.01 * i, 1)
          .domains
          .put("domain-" + i, 20);
    }

    assertThat(page(alone.findings()).getDocumentElement().getTextContent())
        .contains("no mixture is better than natural");
    assertThat(page(many.findings()).getDocumentElement().getTextContent())
        .contains("mixture-19", "domain-19");
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsNamedAndNothingIsLeft() throws IOException {
    Path file = Files.createFile(directory.resolve("in-the-way"));

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(
            () ->
                new FileReportWriter()
                    .write(SimulatedStudy.usual().findings(), file.resolve("report.html")))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .withMessageContaining("in-the-way");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void whatIsWrittenCanBeReadByThoseWhoMayReadTheDirectorysOtherFiles() throws IOException {
    Path ordinary = Files.createFile(directory.resolve("ordinary"));
    assumeThat(Files.getFileStore(directory).supportsFileAttributeView("posix")).isTrue();

    new FileReportWriter()
        .write(SimulatedStudy.usual().findings(), directory.resolve("report.html"));

    for (String name : List.of("report.html", "results.json", "runs.jsonl")) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
          .isEqualTo(Files.getPosixFilePermissions(ordinary));
    }
  }

  @Test
  void anIntervalWithoutAnEndIsNotDrawn() {
    assertThat(new Chart.Point(1, 2, Double.NEGATIVE_INFINITY, Double.NaN))
        .isEqualTo(new Chart.Point(1, 2, 2, 2));
    assertThat(Numbers.short3(Double.NaN)).isEqualTo("–");
  }

  private static Document page(Findings findings) throws Exception {
    return SvgCheck.parse(ReportPage.of(findings));
  }
}
