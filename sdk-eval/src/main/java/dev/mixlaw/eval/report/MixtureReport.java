package dev.mixlaw.eval.report;

import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A page about the best mixture of several corpora: the proposed shares with their ranges, whether
 * the proposal held when it was trained, and predicted against measured losses.
 *
 * <p>Not for use by several threads.
 */
public final class MixtureReport {
  private final List<MixtureFit> fits;
  private final Proposal proposal;
  private final String unit;
  private Optional<ProposalTrial> trial = Optional.empty();
  private Map<String, Accuracy> accuracies = Map.of();
  private List<String> warnings = List.of();

  private MixtureReport(List<MixtureFit> fits, Proposal proposal, String unit) {
    this.fits = fits.stream().filter(f -> proposal.weights().containsKey(f.domain())).toList();
    this.proposal = proposal;
    this.unit = unit;
  }

  /**
   * A page about a proposal.
   *
   * @param fits that it was made with
   * @param unit of their losses, for people
   */
  public static MixtureReport of(List<MixtureFit> fits, Proposal proposal, String unit) {
    return new MixtureReport(List.copyOf(fits), proposal, Objects.requireNonNull(unit, "unit"));
  }

  /** Also what became of the proposal. */
  public MixtureReport trial(ProposalTrial became) {
    this.trial = Optional.of(became);
    return this;
  }

  /** Also how well the model tells what it did not see, by domain. */
  public MixtureReport accuracies(Map<String, Accuracy> byDomain) {
    this.accuracies = Collections.unmodifiableMap(new LinkedHashMap<>(byDomain));
    return this;
  }

  /** Also what a reader must know beside the proposal's own warnings. */
  public MixtureReport warnings(List<String> more) {
    this.warnings = List.copyOf(more);
    return this;
  }

  /**
   * Writes the page, whole or not at all; its directory is made if it is missing.
   *
   * @throws dev.mixlaw.api.MixlawException of kind STORAGE if it cannot be written
   */
  public void write(Path html) {
    page().write(html);
  }

  HtmlPage page() {
    MixtureRuns runs = fits.get(0).runs();
    HtmlPage page =
        HtmlPage.titled("The best mixture of " + runs.sources().size() + " corpora")
            .lead(
                String.format(
                    Locale.ROOT,
                    "By %d runs of %d mixtures at %s, model %s, for %s. Shares are of training"
                        + " tokens, losses in %s.",
                    runs.size(),
                    runs.byMixture().size(),
                    proposal.scale(),
                    proposal.model(),
                    proposal.target(),
                    unit))
            .answer(answer());
    page.section("Proposed shares")
        .paragraph(
            "Best from: the best shares of the middle 95 % of refits, or of surfaces that the runs leave"
                + " possible. As good:"
                + " shares, the others changed in proportion, whose loss the runs cannot tell from"
                + " the best. Allowed: by what there is of the corpus and what was tried.")
        .table(shares());
    trial.ifPresent(
        t ->
            page.section("Whether it held")
                .paragraph(
                    "Runs that the model was not fitted to, of several seeds. Measured intervals are"
                        + " of the seeds, predicted ones of what the fitted runs leave open.")
                .figure("The proposal's loss minus another's", differences(t))
                .table(tried(t)));
    page.section("Predicted and measured")
        .paragraph(
            "Tried: mixtures that the model was fitted to, so that they lie nearer the line than new"
                + " ones.")
        .figure("Each mixture once; on the line both agree", predictedAgainstMeasured())
        .table(told())
        .folded("All runs that were fitted", mixtures());
    List<String> all =
        Stream.concat(proposal.warnings().stream(), warnings.stream()).distinct().toList();
    return all.isEmpty() ? page : page.section("What to doubt").items(all);
  }

  private List<String> answer() {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Take "
            + String.join(
                ", ",
                proposal.parts().stream()
                    .filter(p -> p.share() >= 0.001)
                    .sorted((a, b) -> Double.compare(b.share(), a.share()))
                    .map(p -> Numbers.percent(p.share()) + " " + p.source())
                    .toList())
            + ".");
    trial.ifPresentOrElse(
        t -> {
          sentences.add(
              String.format(
                  Locale.ROOT,
                  "Trained, it reaches %s; predicted was %s: %s.",
                  Numbers.estimate(t.proposed().measured()),
                  Numbers.estimate(t.proposed().predicted()),
                  t.asPredicted() ? "as predicted" : "not as predicted"));
          t.differences().forEach(d -> sentences.add(inWords(d)));
        },
        () ->
            proposal
                .baselines()
                .forEach(
                    b ->
                        sentences.add(
                            String.format(
                                Locale.ROOT,
                                "Predicted against the %s mixture: %s (%s).",
                                b.name(),
                                Numbers.difference(b.difference()),
                                Numbers.differenceRange(b.difference())))));
    return sentences;
  }

  private static String inWords(ProposalTrial.Difference d) {
    return String.format(
        Locale.ROOT,
        "It is %s %s: %s (%s), predicted %s (%s)%s.",
        switch (d.verdict()) {
          case BETTER -> "better than";
          case NOT_TOLD -> "not to be told from";
          case WORSE -> "worse than";
        },
        d.other(),
        Numbers.difference(d.measured()),
        Numbers.differenceRange(d.measured()),
        Numbers.difference(d.predicted()),
        Numbers.differenceRange(d.predicted()),
        d.asPredicted() ? "" : ", which does not agree");
  }

  private HtmlTable shares() {
    HtmlTable table =
        new HtmlTable()
            .words("corpus")
            .number("share")
            .number("best from")
            .number("as good")
            .number("allowed");
    for (Proposal.Baseline baseline : proposal.baselines()) {
      table.number(baseline.name());
    }
    for (Proposal.Part part : proposal.parts()) {
      List<Object> cells =
          new ArrayList<>(
              List.of(
                  part.source(),
                  Numbers.percent(part.share()),
                  Numbers.wholePercents(part.interval()),
                  Numbers.wholePercents(part.asGood()),
                  Numbers.wholePercents(part.allowed())));
      proposal
          .baselines()
          .forEach(b -> cells.add(Numbers.percent(b.shares().getOrDefault(part.source(), 0.0))));
      table.row(cells.toArray());
    }
    return table;
  }

  private Drawing differences(ProposalTrial t) {
    ForestPlot plot =
        ForestPlot.differences("The proposal's loss minus another's, predicted and measured", unit);
    for (ProposalTrial.Difference d : t.differences()) {
      plot.row(d.other(), "measured", d.measured()).row("", "predicted", d.predicted());
    }
    return plot.drawing();
  }

  private static HtmlTable tried(ProposalTrial t) {
    HtmlTable table =
        new HtmlTable()
            .words("mixture")
            .number("measured")
            .number("predicted")
            .number("seeds")
            .text("shares");
    Stream.concat(Stream.of(t.proposed()), t.others().stream())
        .forEach(
            m ->
                table.row(
                    m.name(),
                    Numbers.estimate(m.measured()),
                    Numbers.estimate(m.predicted()),
                    m.seeds(),
                    inWords(m.shares())));
    return table;
  }

  private static String inWords(Map<String, Double> shares) {
    return String.join(
        ", ",
        shares.entrySet().stream()
            .filter(e -> e.getValue() > 0)
            .map(e -> e.getKey() + " " + Numbers.percent(e.getValue()))
            .toList());
  }

  private HtmlTable told() {
    HtmlTable table =
        new HtmlTable()
            .words("domain")
            .number("rank correlation")
            .number("mean relative error")
            .text("on");
    accuracies.forEach(
        (domain, a) ->
            table.row(
                domain,
                Numbers.correlation(a.spearman()),
                Numbers.percent(a.meanRelativeError()),
                a.on()));
    return table;
  }

  /** Mean measured loss of a fitted mixture's runs, over predicted. */
  private List<Chart.Point> fitted() {
    MixtureRuns runs = fits.get(0).runs();
    return runs.byMixture().stream()
        .map(
            places ->
                Chart.Point.of(
                    predicted(runs.rows().get(places[0])),
                    Arrays.stream(places).mapToDouble(this::measured).average().orElseThrow()))
        .toList();
  }

  private double predicted(MixtureRuns.Run run) {
    return fits.stream()
        .mapToDouble(
            f ->
                proposal.weights().get(f.domain())
                    * f.surface().loss(run.shares(), proposal.scale()))
        .sum();
  }

  private double measured(int place) {
    return fits.stream()
        .mapToDouble(f -> proposal.weights().get(f.domain()) * f.runs().losses(f.domain())[place])
        .sum();
  }

  private Drawing predictedAgainstMeasured() {
    List<Chart.Point> seen = fitted();
    List<Chart.Series> series = new ArrayList<>();
    double[] ends =
        Stream.concat(seen.stream(), triedAnew().map(MixtureReport::point))
            .flatMapToDouble(p -> DoubleStream.of(p.x(), p.y()))
            .sorted()
            .toArray();
    List<Chart.Point> diagonal =
        List.of(
            Chart.Point.of(ends[0], ends[0]),
            Chart.Point.of(ends[ends.length - 1], ends[ends.length - 1]));
    series.add(
        new Chart.Series("tried", 0, seen, List.of(), diagonal, OptionalDouble.empty(), false));
    List<ProposalTrial.Tried> anew = triedAnew().toList();
    for (int i = 0; i < anew.size(); i++) {
      series.add(
          new Chart.Series(
              anew.get(i).name() + ", new runs",
              i + 1,
              List.of(point(anew.get(i))),
              List.of(),
              List.of(),
              OptionalDouble.empty(),
              false));
    }
    return new Chart(
            "Predicted and measured losses",
            new Chart.Scale("predicted, " + unit, false, Optional.empty()),
            new Chart.Scale("measured, " + unit, false, Optional.empty()),
            series,
            Optional.empty(),
            true,
            556,
            380)
        .drawing();
  }

  private Stream<ProposalTrial.Tried> triedAnew() {
    return trial.stream().flatMap(t -> Stream.concat(Stream.of(t.proposed()), t.others().stream()));
  }

  private static Chart.Point point(ProposalTrial.Tried tried) {
    return new Chart.Point(
        tried.predicted().value(),
        tried.measured().value(),
        tried.measured().interval().low(),
        tried.measured().interval().high());
  }

  private HtmlTable mixtures() {
    MixtureRuns runs = fits.get(0).runs();
    HtmlTable table = new HtmlTable().words("run").number("measured").number("predicted");
    runs.sources().forEach(table::number);
    IntStream.range(0, runs.size())
        .boxed()
        .sorted((a, b) -> Double.compare(measured(a), measured(b)))
        .forEach(
            i -> {
              MixtureRuns.Run run = runs.rows().get(i);
              List<Object> cells =
                  new ArrayList<>(
                      List.of(
                          run.label(), Numbers.loss(measured(i)), Numbers.loss(predicted(run))));
              Arrays.stream(run.shares()).forEach(s -> cells.add(Numbers.percent(s)));
              table.row(cells.toArray());
            });
    return table;
  }
}
