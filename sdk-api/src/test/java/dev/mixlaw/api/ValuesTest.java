package dev.mixlaw.api;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.RunKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValuesTest {
  private static final Corpus WEB = Corpus.jsonl(Path.of("web.jsonl.gz")).natural();
  private static final Corpus HQ = Corpus.jsonl(Path.of("hq.jsonl.gz")).rephrased("llama-3-8b");

  @ParameterizedTest
  @CsvSource({
    "20M,20000000",
    "1.5B,1500000000",
    "250_000,250000",
    "3k,3000",
    "2T,2000000000000",
    "7,7"
  })
  void quantitiesAreReadWithTheirSuffix(String text, long count) {
    assertThat(tokens(text).count()).isEqualTo(count);
    assertThat(params(text).count()).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-3", "1e6", "20 Mio", "NaN", "0", "0.2"})
  void otherTextIsNoQuantity(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tokens(text))
        .withMessageContaining("tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> params(text))
        .withMessageContaining("parameters");
  }

  @ParameterizedTest
  @CsvSource({"999,999", "1000,1k", "1250000,1.25M", "999999,1M", "20000000,20M", "123456,123k"})
  void quantitiesAreWrittenShort(long count, String text) {
    assertThat(tokens(count)).hasToString(text);
  }

  @Test
  void aCorpusIsNamedAfterItsFile() {
    assertThat(WEB.name()).isEqualTo("web");
    assertThat(Corpus.directory(Path.of("texts")).name()).isEqualTo("texts");
    assertThat(HQ.kind().synthetic()).isTrue();
    assertThat(HQ.generator()).contains("llama-3-8b");
    assertThat(HQ.natural().generator()).isEmpty();
  }

  @Test
  void gridNamesMixturesByPercentAndLeavesOutZeroShares() {
    List<Mixture> grid = Mixture.grid(WEB, HQ, 0, 0.1, 1 / 3.0, 0.67, 0.125, 1);

    assertThat(grid)
        .extracting(Mixture::name)
        .containsExactly("web", "hq-10", "hq-33", "hq-67", "hq-12.5", "hq");
    assertThat(grid.get(0).shares()).isEqualTo(Map.of("web", 1.0));
    assertThat(grid.get(5).shares()).isEqualTo(Map.of("hq", 1.0));
    assertThat(grid.get(1).syntheticShare()).isEqualTo(0.1);
    assertThat(grid.get(1).shareOf("web")).hasValue(0.9);
    assertThat(grid.get(0).shareOf("hq")).isEmpty();
  }

  @Test
  void parametersAreCountedTensorByTensor() {
    ModelSpec m = ModelSpec.of("m", 64, 2, 4, 160).withKeyValueHeads(2).withTiedHead(false);

    long query = 64 * 64;
    long keyAndValue = 2 * 32 * 64;
    long output = 64 * 64;
    long feedForward = 3 * 64 * 160;
    long norms = 2 * 64;
    long expected = 2 * (query + keyAndValue + output + feedForward + norms) + 64;
    assertThat(m.nonEmbeddingParameters()).isEqualTo(expected);
    assertThat(m.parameters(1000)).isEqualTo(expected + 2 * 1000 * 64);
    assertThat(m.withTiedHead(true).parameters(1000)).isEqualTo(expected + 1000 * 64);
    ModelSpec normalized = m.withQkNorm(true);
    assertThat(normalized.nonEmbeddingParameters()).isEqualTo(expected + 2 * 2 * 16);
    assertThat(normalized.trainingFlopsPerToken(1000))
        .as("norms are not matrix products")
        .isEqualTo(m.trainingFlopsPerToken(1000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"100k", "300k", "1M", "3M", "10M", "124M", "1B", "3B"})
  void ladderComesNearTheSizeAskedForWithAShapeThatIsAllowed(String size) {
    ModelSpec m = ModelSpec.ladder(size).get(0);

    assertThat(m.nonEmbeddingParameters() / (double) params(size).count())
        .isCloseTo(1, within(0.12));
    assertThat(m.width() % m.heads()).isZero();
    assertThat(m.headSize()).isIn(32, 64);
    assertThat(m.width() / (double) m.layers()).isBetween(8.0, 256.0);
  }

  @Test
  void batchAndRateDependOnPositionAndModelAlone() {
    Recipe recipe = Recipe.standard();
    ModelSpec small = ModelSpec.ladder("100k").get(0).withContext(128);
    ModelSpec large = ModelSpec.ladder("1B").get(0).withContext(2048);

    assertThat(recipe.batchSequences(small, 0)).isEqualTo(2);
    assertThat(recipe.batchSequences(small, 363_000)).isEqualTo(2);
    assertThat(recipe.batchSequences(small, 364_000)).isEqualTo(4); // 0.65·log2(t / 125,000) > 1
    assertThat(recipe.batchSequences(large, 0)).isEqualTo(1);
    assertThat(recipe.batchSequences(large, 20_000_000_000L)).isEqualTo(256); // 256·2^11 tokens
    double n = small.nonEmbeddingParameters();
    assertThat(recipe.learningRate(small, 2))
        .isCloseTo(0.0018 * Math.pow(4e5 / n, 0.25), within(1e-12));
    assertThat(recipe.learningRate(small, 8))
        .isCloseTo(2 * recipe.learningRate(small, 2), within(1e-12));
    // Li et al. 2025 give an optimal rate of 0.0014 for 1.07B parameters, 20B tokens and this batch
    assertThat(recipe.learningRate(large, 256)).isBetween(0.0014 / 1.5, 0.0014 * 1.5);
    assertThat(recipe.withLearningRateFactor(2).learningRate(small, 2))
        .isCloseTo(2 * recipe.learningRate(small, 2), within(1e-12));
    assertThat(recipe.withLearningRate(0.01).learningRate(small, 99)).isEqualTo(0.01);
    assertThat(recipe.withBatch(tokens("512")).batchSequences(small, 99_000_000)).isEqualTo(4);
  }

  @Test
  void studyKeepsBudgetsInOrderAndAddsMixturesOnce() {
    Study study =
        Study.named("s")
            .mixtures(Mixture.grid(WEB, HQ, 0, 0.5))
            .mixtures(Mixture.of(WEB))
            .budgets("3M", "1M")
            .budgets("2M")
            .seeds("web", 3);

    assertThat(study.mixtures()).extracting(Mixture::name).containsExactly("web", "hq-50");
    assertThat(study.budgets()).containsExactly(tokens("1M"), tokens("2M"), tokens("3M"));
    assertThat(study.seedsOf(study.mixtures().get(0))).isEqualTo(3);
    assertThat(study.seedsOf(study.mixtures().get(1))).isEqualTo(1);
    assertThat(study.corpora()).containsExactly(WEB, HQ);
  }

  @Test
  void aStudyCanHaveSingleRuns() {
    Study grid =
        Study.named("s")
            .mixtures(Mixture.grid(WEB, HQ, 0, 0.5))
            .models(ModelSpec.ladder("1M", "2M"))
            .budgets("1M", "3M")
            .seeds(2);
    RunKey more = new RunKey("web", "1M", tokens("3M"), 7);

    Study few = grid.only(run -> run.seed() == 0 && run.model().equals("1M")).runs(List.of(more));

    assertThat(grid.runs()).hasSize(16);
    assertThat(few.runs())
        .containsExactly(
            new RunKey("web", "1M", tokens("1M"), 0),
            new RunKey("web", "1M", tokens("3M"), 0),
            new RunKey("hq-50", "1M", tokens("1M"), 0),
            new RunKey("hq-50", "1M", tokens("3M"), 0),
            more);
    assertThat(few.mixtures()).extracting(few::seedsOf).containsExactly(2, 1);
    assertThat(grid.runs(List.of(more)).runs()).hasSize(17).endsWith(more);
    assertThat(few.runs(List.of(new RunKey("none", "1M", tokens("3M"), 0))).problems())
        .anyMatch(p -> p.toString().contains("run none · 1M · 3M tokens · seed 0: not a run"));
    assertThatThrownBy(() -> grid.only(run -> false)).hasMessageContaining("none is kept");
  }

  @Test
  void anAnswerIsAStatementOrARefusalInWords() {
    Answer<String> known = Answer.known("30 %", "12 times the measured budget");
    Answer<String> refused = Answer.refused("law L(N) of web", "two sizes", "train at four sizes");

    assertThat(known).hasToString("30 % (12 times the measured budget)");
    assertThat(refused).hasToString("law L(N) of web: refused, two sizes; train at four sizes");
    assertThat(refused.toOptional()).isEmpty();
    assertThat(org.assertj.core.api.Assertions.catchThrowable(refused::orElseThrow))
        .hasMessageContaining("two sizes");
  }
}
