package dev.mixlaw.samples.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.eval.evaluate.ChoiceScorer;
import dev.mixlaw.eval.table.ChoiceFile;
import dev.mixlaw.mix.token.Tokenizers;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares answers to multiple-choice questions with those of the Language Model Evaluation
 * Harness, which ran the same model on PyTorch. {@code score.py} wrote its answers to {@code
 * scored.json}.
 */
class HarnessTest {
  private static final String PRECISION = "mixlaw.native.precision";

  @AfterEach
  void anyPrecisionAgain() {
    System.clearProperty(PRECISION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "native"})
  void likelihoodsAndAccuraciesAreThoseOfTheHarness(String engine) throws Exception {
    System.setProperty(PRECISION, "fp32"); // a lower precision would differ more
    Path files = files();
    JsonNode scored = new ObjectMapper().readTree(files.resolve("scored.json").toFile());
    MultipleChoice test = ChoiceFile.jsonl(files.resolve("questions.jsonl")).read();
    assertThat(test.questions()).hasSameSizeAs(scored.get("questions"));

    try (Tokenizer tokenizer =
            Tokenizers.open(TokenizerSpec.huggingFace(files.resolve("tokenizer.json")));
        LanguageModel model = Engines.byName(engine).openModel(files, 1)) {
      ChoiceScorer scorer = new ChoiceScorer(model, tokenizer);
      List<Measurement> accuracy = scorer.answer(test);

      for (int q = 0; q < test.questions().size(); q++) {
        Question question = test.questions().get(q);
        JsonNode theirs = scored.get("questions").get(q);
        assertThat(question.id()).isEqualTo(theirs.get("id").asText());
        double[] ours = scorer.logLikelihoods(question);
        for (int c = 0; c < ours.length; c++) {
          // the harness used double precision, from which PyTorch's fp32 differs by up to 2e-5
          assertThat(ours[c])
              .as("question %s, choice %d", question.id(), c)
              .isCloseTo(theirs.get("log_likelihoods").get(c).asDouble(), within(2e-5));
        }
        assertThat(List.of(right(accuracy, Metric.ACC, q), right(accuracy, Metric.ACC_NORM, q)))
            .as("question %s", question.id())
            .isEqualTo(List.of(theirs.get("acc").asBoolean(), theirs.get("acc_bytes").asBoolean()));
      }
      assertThat(of(accuracy, Metric.ACC).value().value()).isEqualTo(scored.get("acc").asDouble());
      assertThat(of(accuracy, Metric.ACC_NORM).value().value())
          .isEqualTo(scored.get("acc_bytes").asDouble());
      assertThat(accuracy.get(0).details()).containsEntry("cut", 0.0);
    }
  }

  private static Measurement of(List<Measurement> accuracy, Metric metric) {
    return accuracy.stream().filter(m -> m.metric().equals(metric)).findFirst().orElseThrow();
  }

  private static boolean right(List<Measurement> accuracy, Metric metric, int question) {
    return of(accuracy, metric).scores().get(question) == 1;
  }

  private static Path files() throws IOException, URISyntaxException {
    return Path.of(HarnessTest.class.getResource("/harness/scored.json").toURI()).getParent();
  }
}
