package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class LabQuestionsTest {
  @Test
  void anEvaluatorThatAnswersNoQuestionsIsRefusedBeforeAnyWork() {
    Corpus web = Corpus.documents("web", () -> DocumentStream.of(List.of()));
    MultipleChoice sky =
        new MultipleChoice(
            "sky", List.of(new MultipleChoice.Question("1", "Colour?", List.of("blue", "red"), 0)));
    Study study =
        Study.named("s")
            .mixtures(Mixture.of(web))
            .models(ModelSpec.ladder("1M"))
            .budgets("1M")
            .evaluateOn(Domains.of(web.named("wiki")))
            .ask(sky);
    AtomicBoolean prepared = new AtomicBoolean();
    try (Lab lab =
        Lab.in(Path.of("nowhere"))
            .preparer(
                (described, directory, listener) -> {
                  prepared.set(true);
                  throw new AssertionError("text is prepared");
                })
            .evaluator((model, endOfText, domains) -> List.of())
            .open()) {

      assertThatThrownBy(() -> lab.run(study))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("does not answer questions")
          .hasMessageContaining("Lab.Builder.evaluator");
      assertThatThrownBy(() -> lab.plan(study)).isInstanceOf(MixlawException.class);
    }

    assertThat(prepared).isFalse();
  }
}
