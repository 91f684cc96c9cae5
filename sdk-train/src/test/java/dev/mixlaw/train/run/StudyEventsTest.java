package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the events that a study sends to its listener. */
class StudyEventsTest {
  @TempDir Path directory;

  private TestLab lab;

  @BeforeEach
  void questions() {
    lab = new TestLab(directory);
    lab.study = lab.study.ask(TestLab.questions("quiz", 0));
  }

  private <E extends StudyEvent> List<E> events(Class<E> type) {
    return lab.events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static RunKey of(StudyEvent event) {
    if (event instanceof StudyEvent.Started started) {
      return started.run();
    } else if (event instanceof StudyEvent.Stepped stepped) {
      return stepped.run();
    } else if (event instanceof StudyEvent.Measured measured) {
      return measured.run();
    }
    return ((StudyEvent.Finished) event).result().key();
  }

  @Test
  void everyRunHasEventsForItsStartMeasurementsAndEnd() {
    List<RunResult> results = lab.run();

    for (RunResult result : results) {
      List<StudyEvent> own = lab.events.stream().filter(e -> of(e).equals(result.key())).toList();
      assertThat(own.get(0)).isEqualTo(new StudyEvent.Started(result.key()));
      assertThat(own).filteredOn(StudyEvent.Started.class::isInstance).hasSize(1);
      assertThat(own.get(own.size() - 1)).isInstanceOf(StudyEvent.Finished.class);
      assertThat(own)
          .filteredOn(StudyEvent.Measured.class::isInstance)
          .map(StudyEvent.Measured.class::cast)
          .map(m -> m.name() + " " + m.value())
          .containsExactlyElementsOf(
              result.measurements().stream()
                  .map(m -> m.subject() + " " + m.metric().name() + " " + m.value().value())
                  .toList());
    }
  }

  @Test
  void everyEventIsALineOfJson() throws IOException {
    Path file = directory.resolve("events.jsonl");
    Files.writeString(file, "{\"event\":\"warned\"}\n{\"event\":\"ste");
    List<StudyEvent> events = new ArrayList<>();
    List<RunResult> results;
    try (JsonLinesListener lines = new JsonLinesListener(file)) {
      lab.listener =
          event -> {
            events.add(event);
            lines.on(event);
          };
      results = lab.run();
      lines.on(new StudyEvent.Planned(lab.plan()));
      lines.on(new StudyEvent.Warned("\"quoted\"\n"));
    }

    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file).subList(2, 4 + events.size())) {
      lines.add(new ObjectMapper().readTree(line));
    }
    assertThat(Files.readAllLines(file)).hasSize(4 + events.size());
    for (int i = 0; i < events.size(); i++) {
      assertThat(lines.get(i).get("event").asText())
          .isEqualToIgnoringCase(events.get(i).getClass().getSimpleName());
      assertThat(lines.get(i).get("mixture").asText()).isEqualTo(of(events.get(i)).mixture());
      assertThat(lines.get(i).get("budget").asLong()).isEqualTo(of(events.get(i)).budget().count());
      if (events.get(i) instanceof StudyEvent.Stepped step) {
        assertThat(lines.get(i).get("loss").asDouble()).isEqualTo(step.loss());
        assertThat(lines.get(i).get("learning_rate").asDouble()).isEqualTo(step.learningRate());
      } else if (events.get(i) instanceof StudyEvent.Finished finished) {
        Measurement last = finished.result().measurements().get(0);
        assertThat(lines.get(i).get(last.subject() + " " + last.metric().name()).asDouble())
            .isEqualTo(last.value().value());
        assertThat(lines.get(i).get("outcome").asText()).isEqualTo("completed");
      }
    }
    assertThat(lines.get(events.size()).get("runs").asInt()).isEqualTo(results.size());
    assertThat(lines.get(events.size() + 1).get("warning").asText()).isEqualTo("\"quoted\"\n");
  }

  @Test
  void stepsHaveTheirLearningRateNormAndSpeed() {
    RunResult last = lab.run().get(2);
    List<StudyEvent.Stepped> steps = events(StudyEvent.Stepped.class);

    assertThat(steps).hasSize(2 * 46);
    assertThat(steps).allSatisfy(s -> assertThat(s.gradientNorm()).isPositive());
    assertThat(steps.get(5).learningRate()).as("after the warm-up").isEqualTo(last.learningRate());
    assertThat(steps.get(0).learningRate()).as("in the warm-up").isLessThan(last.learningRate());
    assertThat(steps.stream().skip(1).limit(7))
        .allSatisfy(s -> assertThat(s.tokensPerSecond()).isPositive());
  }

  @Test
  void aStartThatOnlyEvaluatesHasNoSteps() throws IOException {
    RunResult result = lab.run().get(0);
    try (Stream<Path> files = Files.list(directory.resolve("measurements"))) {
      Path own =
          files
              .filter(f -> f.getFileName().toString().startsWith(result.identity()))
              .findFirst()
              .orElseThrow();
      try (Stream<Path> measurements = Files.list(own)) {
        Files.delete(measurements.sorted().findFirst().orElseThrow());
      }
    }

    lab.run();

    assertThat(events(StudyEvent.Started.class))
        .extracting(StudyEvent.Started::run)
        .containsExactly(result.key());
    assertThat(events(StudyEvent.Measured.class))
        .extracting(StudyEvent.Measured::run)
        .containsOnly(result.key());
    assertThat(events(StudyEvent.Stepped.class)).isEmpty();
    assertThat(events(StudyEvent.Finished.class)).hasSize(6);
  }
}
