package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.analysis.SyntheticRuns.Law;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GeneratorEffectsTest {
  /**
   * Returns runs in which text by an 8B model is better than text by a 3B model, and as good as
   * text by a 70B model. The textbooks are another kind of text, so they are not compared with
   * these.
   */
  private static SyntheticRuns study() {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.runDocumentSpread = 0.02;
    s.seeds.put("web", 5);
    s.budgets = new long[] {1_000_000, 2_000_000};
    s.mixture("web", Map.of("web", 1.0), floor(2.6));
    s.mixture("by70", Map.of("web", 0.67, "hq70", 0.33), floor(2.5));
    s.mixture("by8", Map.of("web", 0.67, "hq8", 0.33), floor(2.5));
    s.mixture("by3", Map.of("web", 0.67, "hq3", 0.33), floor(2.55));
    s.mixture("half-by3", Map.of("web", 0.5, "hq3", 0.5), floor(2.5));
    s.mixture("books", Map.of("web", 0.67, "books", 0.33), floor(2.9));
    return s.corpus("web", CorpusKind.NATURAL, "", 1000)
        .corpus("hq70", CorpusKind.REPHRASED, "Llama-3.1-70B-Instruct", 1000)
        .corpus("hq8", CorpusKind.REPHRASED, "Llama-3.1-8B-Instruct", 1000)
        .corpus("hq3", CorpusKind.REPHRASED, "llama-3b", 1000)
        .corpus("books", CorpusKind.TEXTBOOK, "llama-3b", 1000);
  }

  private static SyntheticRuns studyWithoutPairs() {
    SyntheticRuns s = study();
    for (String mixture : List.of("by70", "by8")) {
      s.laws.remove(mixture);
      s.shares.remove(mixture);
    }
    return s;
  }

  private static Law floor(double e) {
    return Law.chinchilla(e, 0, 1, 200, 0.35);
  }

  private static Findings analyze(SyntheticRuns s) {
    return new StudyAnalyst().analyze(s.provenance(), s.runs());
  }

  @Test
  void comparesMixturesThatDifferInTheirGeneratorAlone() {
    List<GeneratorEffect> all = analyze(study()).generatorEffects();

    // three pairs of generators, two budgets, two domains and their average
    assertThat(all).hasSize(3 * 2 * 3);
    assertThat(all)
        .noneMatch(
            e ->
                e.comparison().mixture().equals("books")
                    || e.comparison().mixture().equals("half-by3"));
    assertThat(all)
        .filteredOn(e -> e.generator().contains("70B"))
        .allMatch(e -> !e.comparison().mixture().equals("by8"));
  }

  @Test
  void saysWhetherTheLargerOnePays() {
    List<GeneratorEffect> macro =
        analyze(study()).generatorEffects().stream()
            .filter(e -> e.comparison().domain().equals(FittedLaw.MACRO))
            .toList();

    assertThat(macro)
        .filteredOn(
            e -> e.comparison().mixture().equals("by8") && e.comparison().baseline().equals("by3"))
        .hasSize(2)
        .allMatch(
            e ->
                e.comparison().significant()
                    && e.comparison().difference().interval().contains(-0.05))
        .allMatch(
            e -> e.toString().contains("differs significantly from text by llama-3b in by8 at 1M"));
    assertThat(macro)
        .filteredOn(
            e -> e.comparison().mixture().equals("by70") && e.comparison().baseline().equals("by8"))
        .hasSize(2)
        .allMatch(e -> Math.abs(e.comparison().difference().value()) < 0.01);
  }

  @Test
  void generatorsWithoutAPairAreRefused() {
    SyntheticRuns s = studyWithoutPairs();

    Findings f = analyze(s);

    assertThat(f.generatorEffects()).isEmpty();
    assertThat(f.refusals())
        .extracting(Refusal::question)
        .anyMatch(q -> q.startsWith("effect of the generator: Llama-3.1-70B-Instruct"));
  }

  @Test
  void generatorsOfDifferentKindsAreNotExpectedToFormAPair() {
    SyntheticRuns s = studyWithoutPairs();
    s.corpora =
        s.corpora.stream()
            .filter(c -> !List.of("hq70", "hq8", "books").contains(c.name()))
            .toList();
    s.corpus("books", CorpusKind.TEXTBOOK, "gpt-4", 1000);

    assertThat(analyze(s).refusals())
        .extracting(Refusal::question)
        .noneMatch(q -> q.startsWith("effect of the generator"));
  }
}
