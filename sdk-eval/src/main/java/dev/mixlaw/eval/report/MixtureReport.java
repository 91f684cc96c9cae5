package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import dev.mixlaw.eval.report.Chart.AxisStyle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A page about the best mixture of several corpora. It shows the proposed shares with their
 * intervals, the validation of the proposal by new runs, and predicted against measured losses.
 *
 * <p>A report is not thread-safe.
 */
public final class MixtureReport {
  private final List<MixtureFit> fits;
  private final Proposal proposal;
  private final LossUnit unit;
  private Optional<ProposalTrial> trial = Optional.empty();
  private Map<String, Accuracy> accuracies = Map.of();
  private List<String> warnings = List.of();

  private MixtureReport(List<MixtureFit> fits, Proposal proposal, LossUnit unit) {
    this.fits = fits.stream().filter(f -> proposal.weights().containsKey(f.domain())).toList();
    this.proposal = proposal;
    this.unit = unit;
  }

  /**
   * Creates a page about a proposal.
   *
   * @param fits fits from which the proposal was computed
   */
  public static MixtureReport of(List<MixtureFit> fits, Proposal proposal, LossUnit unit) {
    return new MixtureReport(List.copyOf(fits), proposal, Objects.requireNonNull(unit, "unit"));
  }

  /** Adds the validation of the proposal by new runs. */
  public MixtureReport trial(ProposalTrial validation) {
    this.trial = Optional.of(validation);
    return this;
  }

  /** Adds the prediction error on held-out runs. */
  public MixtureReport accuracies(Map<String, Accuracy> byDomain) {
    this.accuracies = Collections.unmodifiableMap(new LinkedHashMap<>(byDomain));
    return this;
  }

  /** Adds warnings, which are shown after the warnings of the proposal. */
  public MixtureReport warnings(List<String> more) {
    this.warnings = List.copyOf(more);
    return this;
  }

  /**
   * Writes the page atomically, and creates its directory if necessary.
   *
   * @throws dev.mixlaw.api.MixlawException of kind STORAGE if the file cannot be written
   */
  public void write(Path html) {
    page().write(html);
  }

  HtmlPage page() {
    MixtureRuns runs = fits.get(0).runs();
    HtmlPage page =
        HtmlPage.titled("The best mixture of " + runs.sources().size() + " corpora")
            .lead(
                Texts.format(
                    "The model %4$s was fitted to %1$d runs of %2$d mixtures at %3$s. Target: %5$s. Shares are shares of training tokens. Losses are in %6$s.",
                    runs.size(),
                    runs.byMixture().size(),
                    proposal.scale(),
                    proposal.model(),
                    proposal.target(),
                    unit))
            .answer(answer());
    page.section("Proposed shares")
        .paragraph(
            "Ranges are 95 % intervals of the best share over refits of the model. Not significantly worse: shares of this corpus, with the others changed in proportion, whose loss is not significantly above that of the proposal. Allowed: limited by the size of the corpus and by the shares that were run.")
        .table(shares());
    trial.ifPresent(
        t ->
            page.section("Validation")
                .paragraph(
                    "The proposal was tested with new runs with several seeds, to which the model was not fitted. Measured intervals include seed noise; predicted intervals include the uncertainty of the fit.")
                .figure("Loss of the proposal minus that of another mixture", differences(t))
                .table(trained(newRuns())));
    page.section("Predicted and measured")
        .paragraph(
            "The model was fitted to the mixtures marked as fitted, so these lie nearer to the diagonal than new mixtures.")
        .figure(
            "Each point is a mixture; on the diagonal, prediction and measurement agree",
            predictedAgainstMeasured())
        .table(accuracyTable())
        .folded("All fitted runs", mixtures());
    List<String> all =
        Stream.concat(proposal.warnings().stream(), warnings.stream()).distinct().toList();
    return all.isEmpty() ? page : page.section("Caveats").items(all);
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
              Texts.format(
                  "Measured loss of the proposal: %s. Predicted: %s. They %s.",
                  Numbers.estimate(t.proposed().measured()),
                  Numbers.estimate(t.proposed().predicted()),
                  t.asPredicted() ? "agree" : "disagree"));
          t.differences().forEach(d -> sentences.add(verdict(d)));
        },
        () ->
            proposal
                .baselines()
                .forEach(
                    b ->
                        sentences.add(
                            Texts.format(
                                "Predicted difference from the %s mixture: %s.",
                                b.name(), Numbers.difference(b.difference())))));
    return sentences;
  }

  private static String verdict(ProposalTrial.Difference d) {
    return Texts.format(
        "It is %s %s: %s, predicted %s%s.",
        d.relation(),
        d.other(),
        Numbers.difference(d.measured()),
        Numbers.difference(d.predicted()),
        d.asPredicted() ? "" : "; the two disagree");
  }

  private HtmlTable<Proposal.Part> shares() {
    HtmlTable<Proposal.Part> table =
        HtmlTable.of(proposal.parts())
            .words("corpus", Proposal.Part::source)
            .number("share", p -> Numbers.percent(p.share()))
            .number("95 % interval", p -> Numbers.wholePercents(p.interval()))
            .number("not significantly worse", p -> Numbers.wholePercents(p.asGood()))
            .number("allowed", p -> Numbers.wholePercents(p.allowed()));
    for (Proposal.Baseline b : proposal.baselines()) {
      table.number(b.name(), p -> Numbers.percent(b.shares().getOrDefault(p.source(), 0.0)));
    }
    return table;
  }

  private Drawing differences(ProposalTrial t) {
    ForestPlot plot =
        ForestPlot.differences(
            "Loss of the proposal minus that of another mixture, predicted and measured",
            unit.toString());
    for (ProposalTrial.Difference d : t.differences()) {
      plot.row(d.other(), "measured", d.measured()).row("", "predicted", d.predicted());
    }
    return plot.drawing();
  }

  private static HtmlTable<ProposalTrial.Tried> trained(List<ProposalTrial.Tried> tried) {
    return HtmlTable.of(tried)
        .words("mixture", ProposalTrial.Tried::name)
        .number("measured", m -> Numbers.estimate(m.measured()))
        .number("predicted", m -> Numbers.estimate(m.predicted()))
        .number("seeds", ProposalTrial.Tried::seeds)
        .text("shares", m -> shares(m.shares()));
  }

  private static String shares(Map<String, Double> shares) {
    return shares.entrySet().stream()
        .filter(e -> e.getValue() > 0)
        .map(e -> e.getKey() + " " + Numbers.percent(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private HtmlTable<Map.Entry<String, Accuracy>> accuracyTable() {
    return HtmlTable.of(accuracies.entrySet())
        .words("domain", Map.Entry::getKey)
        .number("rank correlation", a -> Numbers.correlation(a.getValue().spearman()))
        .number("mean relative error", a -> Numbers.percent(a.getValue().meanRelativeError()))
        .text("on", a -> a.getValue().on());
  }

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
            f -> proposal.weights().get(f.domain()) * f.loss(run.shares(), proposal.scale()))
        .sum();
  }

  private double measured(int place) {
    return fits.stream()
        .mapToDouble(f -> proposal.weights().get(f.domain()) * f.runs().losses(f.domain())[place])
        .sum();
  }

  private Drawing predictedAgainstMeasured() {
    List<Chart.Point> seen = fitted();
    List<Chart.Point> fresh = newRuns().stream().map(MixtureReport::point).toList();
    List<Chart.Line> lines = new ArrayList<>();
    lines.add(
        new Chart.Line(
            "fitted",
            0,
            seen,
            List.of(),
            Chart.Line.diagonal(seen, fresh),
            OptionalDouble.empty()));
    for (int i = 0; i < fresh.size(); i++) {
      String name = newRuns().get(i).name() + ", new runs";
      lines.add(Chart.Line.measured(name, i + 1, List.of(fresh.get(i))));
    }
    return new Chart(
            "Predicted and measured losses",
            AxisStyle.linear("predicted, " + unit),
            AxisStyle.linear("measured, " + unit),
            lines)
        .size(Chart.WIDE, 380)
        .legend()
        .drawing();
  }

  private List<ProposalTrial.Tried> newRuns() {
    return trial.stream()
        .flatMap(t -> Stream.concat(Stream.of(t.proposed()), t.others().stream()))
        .toList();
  }

  private static Chart.Point point(ProposalTrial.Tried tried) {
    return Chart.Point.of(tried.predicted().value(), tried.measured());
  }

  private HtmlTable<Integer> mixtures() {
    MixtureRuns runs = fits.get(0).runs();
    HtmlTable<Integer> table =
        HtmlTable.of(
                IntStream.range(0, runs.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble(this::measured))
                    .toList())
            .words("run", i -> runs.rows().get(i).label())
            .number("measured", i -> Numbers.loss(measured(i)))
            .number("predicted", i -> Numbers.loss(predicted(runs.rows().get(i))));
    for (int k = 0; k < runs.sources().size(); k++) {
      int source = k;
      table.number(
          runs.sources().get(k), i -> Numbers.percent(runs.rows().get(i).shares()[source]));
    }
    return table;
  }
}
