package dev.mixlaw.eval.analysis;

import static dev.mixlaw.api.rounds.Strategy.ACCUMULATE;
import static dev.mixlaw.api.rounds.Strategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Collapse.Outcome;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.Losses;
import dev.mixlaw.eval.Losses.DocumentLoss;
import dev.mixlaw.eval.Losses.DomainLoss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests verdicts on simulated rounds, of which it is known whether they collapse. */
class RoundsAnalystTest {
  private static final int DOCUMENTS = 40;
  private static final int SEEDS = 3;
  private static final double SEED_NOISE = 0.01;

  @Test
  void aLossThatGrowsWithRoundsIsACollapseAndOneThatStaysIsNot() {
    // given a loss that rises by 0.1 nats per round with replace and not at all with accumulate
    RoundsFindings found = simulated(1, 0.1, 0, 0.05);

    assertThat(found.verdicts().get(REPLACE).outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(found.verdicts().get(REPLACE).reason()).contains("late collapse");
    assertThat(found.verdicts().get(REPLACE).firstViolation().orElseThrow()).contains("round 1");
    assertThat(found.verdicts().get(ACCUMULATE).outcome()).isEqualTo(Outcome.NO_COLLAPSE);
    assertThat(found.figures().get(REPLACE)).hasSize(4);
    assertThat(found.figures().get(REPLACE).get(3).change().interval().contains(0.3)).isTrue();
  }

  @Test
  void lostDiversityAtAnUnchangedLossIsAnEarlyCollapse() {
    RoundsFindings found = simulated(2, 0, 0, 0.2);

    assertThat(found.verdicts().get(REPLACE).outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(found.verdicts().get(REPLACE).reason()).contains("early collapse", "support");
    assertThat(found.verdicts().get(ACCUMULATE).outcome()).isEqualTo(Outcome.NO_COLLAPSE);
  }

  @Test
  void selfBleuThatRisesWithoutTheLossIsNoCollapse() {
    RoundsFindings found = simulated(5, 0.1, 0, 0);

    // Self-BLEU rises in every round of both strategies, but the loss rises only with replace.
    assertThat(
            found
                .figures()
                .get(ACCUMULATE)
                .get(3)
                .diversity()
                .orElseThrow()
                .of(TextDiversity.Measure.SELF_BLEU)
                .value())
        .isGreaterThan(0.7);
    assertThat(found.verdicts().get(ACCUMULATE).outcome()).isEqualTo(Outcome.NO_COLLAPSE);
  }

  @Test
  void verdictsAreSeldomWrong() {
    int missed = 0;
    int invented = 0;
    int simulations = 60;
    for (int s = 0; s < simulations; s++) {
      RoundsFindings found = simulated(100 + s, 0.03, 0, 0);
      missed += found.verdicts().get(REPLACE).outcome() == Outcome.COLLAPSE ? 0 : 1;
      invented += found.verdicts().get(ACCUMULATE).outcome() == Outcome.COLLAPSE ? 1 : 0;
    }
    // The true loss of the last round is 0.09 nats higher with replace and unchanged with
    // accumulate.
    assertThat(missed).isLessThanOrEqualTo(3);
    assertThat(invented).isLessThanOrEqualTo(3); // expected: 2.5 % of 60 = 1.5
  }

  @Test
  void aChainThatBreaksOffDecidesNothing() {
    RoundsFindings whole = simulated(3, 0.1, 0, 0);
    List<RoundRun> broken =
        whole.runs().stream()
            .filter(r -> r.key().round() < 2 || r.key().strategy().orElseThrow() != REPLACE)
            .toList();

    RoundsFindings found =
        new RoundsAnalyst().analyze(whole.rounds(), whole.plan(), broken, List.of());

    assertThat(found.verdicts().get(REPLACE).outcome()).isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(found.verdicts().get(REPLACE).reason()).contains("round 1 of 3");
  }

  @Test
  void aReportContainsVerdictsCurvesAndData(@TempDir Path directory) throws IOException {
    RoundsFindings found = simulated(4, 0.1, 0, 0.1);

    found.report(directory.resolve("report.html"));

    String html = Files.readString(directory.resolve("report.html"));
    assertThat(html)
        .contains("replace: collapse", "accumulate: no collapse", "Entropy of words", "<svg");
    JsonNode json = new ObjectMapper().readTree(directory.resolve("results.json").toFile());
    JsonNode replace = json.get("strategies").get(0);
    assertThat(replace.get("verdict").get("outcome").asText()).isEqualTo("collapse");
    assertThat(replace.get("rounds").get(3).get("change_nats_per_token").get("value").asDouble())
        .isEqualTo(found.figures().get(REPLACE).get(3).change().value());
    assertThat(json.get("models")).hasSize(SEEDS * 7);
  }

  /**
   * Simulates three rounds of two strategies.
   *
   * @param replaceGrows increase of the loss per round of replace, in nats per token
   * @param accumulateGrows increase of the loss per round of accumulate, in nats per token
   * @param supportShrinks share of the word types of natural text that is lost per round of replace
   */
  private static RoundsFindings simulated(
      long seed, double replaceGrows, double accumulateGrows, double supportShrinks) {
    Random random = new Random(seed);
    Rounds rounds =
        Rounds.of(Corpus.documents("nat", () -> DocumentStream.of(List.of())))
            .model(ModelSpec.of("tiny", 8, 1, 1, 16))
            .tokens("1k")
            .strategy(REPLACE)
            .and(ACCUMULATE)
            .seeds(SEEDS);
    double[][] documents = new double[2][DOCUMENTS];
    for (double[] domain : documents) {
      for (int d = 0; d < DOCUMENTS; d++) {
        domain[d] = 5 + 0.5 * random.nextGaussian();
      }
    }
    List<RoundRun> runs = new ArrayList<>();
    List<RoundsPlan.PlannedModel> planned = new ArrayList<>();
    for (int round = 0; round <= 3; round++) {
      for (Strategy strategy : round == 0 ? List.of(REPLACE) : rounds.strategies()) {
        for (int chain = 0; chain < SEEDS; chain++) {
          RoundKey key = RoundKey.of(strategy, round, chain);
          double worse = round * (strategy == REPLACE ? replaceGrows : accumulateGrows);
          double support = 0.8 - round * (strategy == REPLACE ? supportShrinks : 0);
          runs.add(
              run(key, documents, worse + SEED_NOISE * random.nextGaussian(), support, random));
          planned.add(
              new RoundsPlan.PlannedModel(
                  key, Tokens.tokens(1000), Map.of("nat", 1.0), 1, Tokens.tokens(1000), true));
        }
      }
    }
    RoundsPlan plan = new RoundsPlan(SyntheticRuns.plan(), planned, 0, 0, 0, 0, 0, Duration.ZERO);
    return new RoundsAnalyst().analyze(rounds, plan, runs, List.of());
  }

  private static RoundRun run(
      RoundKey key, double[][] documents, double worse, double support, Random random) {
    List<DomainLoss> losses = new ArrayList<>();
    for (int domain = 0; domain < documents.length; domain++) {
      List<DocumentLoss> each = new ArrayList<>();
      double sum = 0;
      for (double document : documents[domain]) {
        double nats = 100 * (document + worse + 0.05 * random.nextGaussian());
        each.add(new DocumentLoss(nats, 100, 300));
        sum += nats;
      }
      double nats = sum / (100.0 * each.size());
      Estimate estimate = Estimate.of(nats, nats - 0.1, nats + 0.1);
      losses.add(new DomainLoss("domain-" + domain, each, estimate, estimate));
    }
    RunResult result =
        new RunResult(
            new RunKey(key.label(), "tiny", Tokens.tokens(1000), key.seed()),
            key.label(),
            Optional.empty(),
            1000,
            2000,
            1000,
            1,
            1,
            Map.of("nat", 1.0),
            Map.of("nat", 1.0),
            Map.of("nat", 1.0),
            0.001,
            1,
            OptionalDouble.of(1),
            Losses.of(losses),
            1);
    Estimate same = Estimate.of(0.5, 0.45, 0.55);
    double bleu = 0.5 + 0.1 * key.round();
    Map<TextDiversity.Measure, Estimate> figures = new EnumMap<>(TextDiversity.Measure.class);
    for (TextDiversity.Measure measure : TextDiversity.Measure.values()) {
      figures.put(measure, same);
    }
    figures.put(
        TextDiversity.Measure.SUPPORT, Estimate.of(support, support - 0.03, support + 0.03));
    figures.put(TextDiversity.Measure.SELF_BLEU, Estimate.of(bleu, bleu - 0.02, bleu + 0.02));
    TextDiversity diversity = new TextDiversity(30, 1000, figures);
    WrittenText text =
        new WrittenText(
            key,
            key.label(),
            Path.of(key.label()),
            Writing.unconditional(),
            30,
            0,
            1000,
            1,
            1,
            Answer.known(diversity));
    return new RoundRun(key, result, Optional.of(text));
  }
}
