package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RateCheck;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.analysis.ResampledLosses.Averages;
import dev.mixlaw.eval.analysis.SpeedupCalculator.GenerationPrices;
import dev.mixlaw.eval.stats.BootstrapSum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Analyzes the runs of a study.
 *
 * <p>All intervals are based on 1000 resamples of the documents within each domain, which are the
 * same for all runs. The order of the runs does not matter, and the same runs give bit-identical
 * findings.
 */
public final class StudyAnalyst implements Analyst {
  private static final int FEW_DOCUMENTS = 20;

  private final long seed;

  /** Creates an analyst; {@link java.util.ServiceLoader} calls this constructor. */
  public StudyAnalyst() {
    this(0);
  }

  StudyAnalyst(long seed) {
    this.seed = seed;
  }

  @Override
  public Analyst withSeed(long other) {
    return new StudyAnalyst(other);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if a run occurs twice, or if runs were measured on different
   *     documents
   */
  @Override
  public Findings analyze(Provenance provenance, List<RunResult> runs) {
    return analyze(provenance, runs, Metric.NATS_PER_TOKEN);
  }

  /**
   * Analyzes the values of a metric, which are called losses here.
   *
   * @throws IllegalArgumentException if a run occurs twice, or if runs were measured with different
   *     metrics or on different documents
   */
  public Findings analyze(Provenance provenance, List<RunResult> runs, Metric metric) {
    Map<Boolean, List<RunResult>> inGrid =
        runs.stream().collect(Collectors.partitioningBy(r -> r.key().rateFactor() == 1));
    StudyGrid grid = new StudyGrid(provenance, inGrid.get(true), metric, seed);
    RefusalCollector refusals = new RefusalCollector();
    refusals.addIncomplete(grid.runs(), "lower the learning rate (Recipe.withLearningRateFactor)");
    if (grid.completed().isEmpty()) {
      refusals.add(
          new Refusal(
              "all statements",
              "no run completed",
              "correct the cause of the failures and run the study again"));
      return findings(
          provenance, grid, inGrid.get(false), List.of(), new Parts(), refusals, Optional.empty());
    }
    ResampledLosses resampled = ResampledLosses.of(grid, metric, synthetic(provenance.domains()));
    if (!resampled.macro().seeds().known()) {
      refusals.add(
          new Refusal(
              "seed noise",
              "no mixture has two completed seeds, so intervals of measured losses include only the uncertainty due to documents",
              "run several seeds, at least of the baseline: Study.seeds(\"%s\", 3)"
                  .formatted(grid.baseline())));
    }
    Parts parts = new Parts();
    parts.primary.addAll(
        Comparisons.primary(provenance.questions(), grid, resampled.all(), refusals));
    List<MixturesByShare> axes = MixturesByShare.all(grid);
    if (axes.isEmpty() && grid.corpora().size() > 1 && grid.mixtures().size() > 1) {
      refusals.add(
          new Refusal(
              "best shares",
              "no two mixtures differ only in the share of one corpus",
              BestShareCalculator.REMEDY
                  + ", or model the loss as a function of all shares (MixtureModel; for a table, the sample FitMixture)"));
    }
    GeneratorEffects generators = new GeneratorEffects(provenance);
    generators.refuse(refusals);
    Optional<WordCorrelations> words = provenance.words().map(WordCorrelations::new);
    LossPredictor macro = null;
    StudyLaws macroLaws = new StudyLaws(grid, resampled.macro());
    boolean one = resampled.domains().size() == 1;
    for (LossSeries series : resampled.all()) {
      StudyLaws laws =
          series == resampled.macro()
              ? macroLaws
              : one ? macroLaws.of(series) : new StudyLaws(grid, series);
      parts.comparisons.addAll(Comparisons.withBaseline(grid, series).values());
      parts.bestShares.addAll(BestShareCalculator.measured(grid, series, axes));
      parts.generatorEffects.addAll(generators.of(grid, series));
      words.ifPresent(w -> parts.wordCorrelations.addAll(w.of(grid, series)));
      parts.laws.addAll(laws.laws());
      laws.refuse(refusals);
      if (macro == null) {
        macro = new LossPredictor(grid, series, laws, false);
        boolean same = resampled.realText() == resampled.macro();
        parts.collapses.addAll(
            collapses(grid, provenance, same ? laws : new StudyLaws(grid, resampled.realText())));
      }
    }
    WordCorrelations.refuse(parts.wordCorrelations, refusals);
    parts.speedups.addAll(new SpeedupCalculator(macro, GenerationPrices.none()).all(refusals));
    BestShareMaps maps = BestShareMaps.of(provenance, macro);
    maps.refuse(refusals);
    Answer<List<DecisionAccuracy>> decisions = DecisionAccuracies.of(grid, resampled);
    decisions.toOptional().ifPresent(parts.decisionAccuracies::addAll);
    decisions.toRefusal().ifPresent(refusals::add);
    parts.rateChecks.addAll(
        RateChecks.of(grid, resampled.macro(), provenance, inGrid.get(false), refusals));
    return findings(
        warned(provenance, resampled.domains()),
        grid,
        inGrid.get(false),
        means(grid, resampled.averages()),
        parts,
        refusals,
        Optional.of(new StudyFindings.Predictions(macro, maps)));
  }

  @Override
  public RoundsFindings analyze(
      Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings) {
    return new RoundsAnalyst().analyze(rounds, plan, runs, warnings);
  }

  @Override
  public Duration time(int runs) {
    return Duration.ofMillis(4000 + 60L * runs);
  }

  @Override
  public List<String> power(Study study) {
    return PlannedPower.of(study);
  }

  @Override
  public List<String> outlook(Study study) {
    return DesignWarnings.of(study);
  }

  private static final class Parts {
    final List<Comparison> primary = new ArrayList<>();
    final List<Comparison> comparisons = new ArrayList<>();
    final List<FittedLaw> laws = new ArrayList<>();
    final List<BestShare> bestShares = new ArrayList<>();
    final List<Speedup> speedups = new ArrayList<>();
    final List<Collapse> collapses = new ArrayList<>();
    final List<DecisionAccuracy> decisionAccuracies = new ArrayList<>();
    final List<RateCheck> rateChecks = new ArrayList<>();
    final List<GeneratorEffect> generatorEffects = new ArrayList<>();
    final List<WordCorrelation> wordCorrelations = new ArrayList<>();
  }

  private static Findings findings(
      Provenance provenance,
      StudyGrid grid,
      List<RunResult> atOtherRates,
      List<MeanLoss> means,
      Parts parts,
      RefusalCollector refusals,
      Optional<StudyFindings.Predictions> predictions) {
    return new StudyFindings(
        provenance,
        grid,
        List.copyOf(atOtherRates),
        List.copyOf(means),
        List.copyOf(parts.primary),
        Comparisons.adjusted(parts.comparisons),
        List.copyOf(parts.laws),
        List.copyOf(parts.bestShares),
        List.copyOf(parts.speedups),
        List.copyOf(parts.collapses),
        List.copyOf(parts.decisionAccuracies),
        List.copyOf(parts.rateChecks),
        GeneratorEffects.adjusted(parts.generatorEffects),
        List.copyOf(parts.wordCorrelations),
        List.copyOf(ChoiceFindings.of(grid)),
        List.copyOf(refusals.all(grid)),
        predictions);
  }

  private static List<MeanLoss> means(StudyGrid grid, Averages own) {
    Map<Metric, Averages> averages =
        grid.metrics().stream()
            .collect(
                Collectors.toMap(
                    m -> m, m -> m.equals(grid.metric()) ? own : Averages.of(grid, m)));
    return IntStream.range(0, grid.completed().size())
        .mapToObj(
            run ->
                new MeanLoss(
                    grid.completed().get(run).key(),
                    of(averages, a -> a.macro().get(run)),
                    of(averages, a -> a.micro().get(run))))
        .toList();
  }

  private static Map<Metric, Estimate> of(
      Map<Metric, Averages> averages, Function<Averages, BootstrapSum> run) {
    return averages.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> run.apply(e.getValue()).estimate()));
  }

  private static List<Collapse> collapses(StudyGrid grid, Provenance from, StudyLaws laws) {
    Set<String> generated = synthetic(from.corpora());
    boolean realText = !synthetic(from.domains()).containsAll(grid.domains());
    Predicate<String> anySynthetic =
        m -> !Collections.disjoint(grid.shares().getOrDefault(m, Map.of()).keySet(), generated);
    List<Collapse> all = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      for (StudyGrid.Model model : grid.models()) {
        if (!mixture.equals(grid.baseline()) && !grid.overBudgets(mixture, model).isEmpty()) {
          all.add(
              TokenCollapse.judge(
                      laws.data(grid.baseline(), model),
                      laws.data(mixture, model),
                      realText && anySynthetic.test(mixture) && !anySynthetic.test(grid.baseline()))
                  .on(mixture, grid.baseline(), model.name()));
        }
      }
    }
    return all;
  }

  /**
   * Returns the names of synthetic texts. Texts without documents are ignored, because they are
   * only names of columns in a table of losses.
   */
  private static Set<String> synthetic(List<TextFacts> texts) {
    return texts.stream()
        .filter(t -> t.kind().synthetic() && t.documents() > 0)
        .map(TextFacts::name)
        .collect(Collectors.toSet());
  }

  /** Adds warnings about domains with few documents, unless preparation has added them. */
  private static Provenance warned(Provenance p, List<LossSeries> domains) {
    List<String> warnings = new ArrayList<>(p.warnings());
    for (LossSeries domain : domains) {
      String few = "domain " + domain.domain() + " has " + domain.documents() + " documents";
      if (domain.documents() > 0
          && domain.documents() < FEW_DOCUMENTS
          && warnings.stream().noneMatch(w -> w.startsWith(few))) {
        warnings.add(
            "%s; with fewer than %s documents, its intervals are unreliable"
                .formatted(few, FEW_DOCUMENTS));
      }
    }
    return p.andWarnings(warnings.subList(p.warnings().size(), warnings.size()));
  }
}
