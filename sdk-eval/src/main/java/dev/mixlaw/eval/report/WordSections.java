package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordComparison.Measure;
import dev.mixlaw.api.results.WordCorrelation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Words of mixtures and domains beside the losses. */
final class WordSections {
  private WordSections() {}

  static void words(HtmlPage page, FindingsIndex grid) {
    grid.findings().provenance().words().ifPresent(words -> new Section(page, grid, words).write());
  }

  private record Section(HtmlPage page, FindingsIndex grid, WordComparison words) {
    void write() {
      page.section("words", "Words", "Words beside losses");
      page.paragraph(
          "How near the words of each mixture are to those of each domain. They stand here beside"
              + " the losses, never as predictors by themselves: only training tells which text"
              + " trains the better model.");
      page.paragraph(
          "Words are cut by "
              + (words.language().equals("und")
                  ? "Unicode's rules"
                  : "the rules of " + words.language())
              + ", of texts above "
              + Numbers.count(words.bytesPerText())
              + " bytes a draw of documents is counted. KL is the divergence of the domain from the"
              + " mixture, smoothed so that a word that training text never has costs 6.9 nats; met"
              + " are words expected in a run of "
              + words.budget()
              + " training tokens; covered are those that stand anywhere in the mixture's"
              + " corpora.");
      map("Running words of the domain that are met", "%", Measure.SEEN_TOKENS, 100);
      map("KL divergence of the domain from the mixture", "nats", Measure.KL, 1);
      page.folded("All figures beside the losses", figures());
      correlations();
    }

    private Optional<FindingsIndex.Place> place() {
      return grid.findings().wordCorrelations().stream()
          .findFirst()
          .map(c -> new FindingsIndex.Place(c.model(), c.budget()));
    }

    /** Of a domain at the place, the mean of seeds. */
    private Optional<Double> loss(String mixture, String domain) {
      return place()
          .flatMap(
              at ->
                  grid.curve(mixture, at.model(), domain).stream()
                      .filter(p -> p.x() == at.budget().count())
                      .map(Chart.Point::y)
                      .findFirst());
    }

    private void map(String title, String unit, Measure measure, double scale) {
      HeatMap map =
          HeatMap.of(title, grid.domains(), grid.mixtures()).unit(unit).axes("domain", "mixture");
      for (WordComparison.Fit fit : words.fits()) {
        double value = scale * measure.of(fit);
        map.cell(
            fit.domain(),
            fit.mixture(),
            value,
            Numbers.short3(value),
            loss(fit.mixture(), fit.domain()).map(l -> "loss " + Numbers.loss(l)).orElse(""));
      }
      page.figure(
          title + place().map(at -> "; below it the loss, " + at + ", " + grid.unit()).orElse(""),
          map.drawing());
    }

    private HtmlTable figures() {
      HtmlTable table =
          new HtmlTable().words("mixture").words("domain").number("loss, " + grid.unit());
      Stream.of(Measure.values()).forEach(m -> table.number(called(m) + ", " + unit(m)));
      for (WordComparison.Fit fit : words.fits()) {
        List<Object> row = new ArrayList<>(List.of(fit.mixture(), fit.domain()));
        row.add(loss(fit.mixture(), fit.domain()).map(Numbers::loss).orElse("–"));
        Stream.of(Measure.values())
            .forEach(m -> row.add(Numbers.short3((unit(m).equals("%") ? 100 : 1) * m.of(fit))));
        table.row(row.toArray());
      }
      return table;
    }

    private void correlations() {
      List<WordCorrelation> all = grid.findings().wordCorrelations();
      List<Estimate> known = all.stream().flatMap(c -> c.rho().toOptional().stream()).toList();
      if (known.isEmpty()) {
        all.stream().limit(1).forEach(c -> page.paragraph(c.rho().toString()));
        return;
      }
      long decided = known.stream().filter(e -> !e.interval().contains(0)).count();
      page.heading("Do words order mixtures as losses do?");
      page.paragraph(
          "Spearman's rank correlation over mixtures of each figure with the loss, "
              + place().orElseThrow()
              + ", with its 95 % interval. Were words all that matters, it would be 1 for"
              + " divergences and −1 for the rest. "
              + decided
              + " of "
              + known.size()
              + " intervals leave out 0; of figures that have nothing to do with losses, one in"
              + " twenty would.");
      HtmlTable table = new HtmlTable().words("domain").number("mixtures");
      Stream.of(Measure.values()).forEach(m -> table.number(called(m)));
      Stream.concat(grid.domains().stream(), Stream.of(FittedLaw.MACRO))
          .forEach(domain -> row(table, domain, all));
      page.table(table);
    }

    private static void row(HtmlTable table, String domain, List<WordCorrelation> all) {
      List<WordCorrelation> here = all.stream().filter(c -> c.domain().equals(domain)).toList();
      if (here.size() != Measure.values().length) {
        return;
      }
      List<Object> row =
          new ArrayList<>(List.of(FindingsIndex.called(domain), here.get(0).mixtures()));
      here.forEach(c -> row.add(said(c.rho())));
      table.row(row.toArray());
    }

    private static String said(Answer<Estimate> rho) {
      return rho.toOptional()
          .map(
              e ->
                  Numbers.correlation(e.value())
                      + "\n"
                      + Numbers.correlation(e.interval().low())
                      + " to "
                      + Numbers.correlation(e.interval().high()))
          .orElse("–");
    }

    private static String called(Measure measure) {
      return switch (measure) {
        case KL -> "KL";
        case JS -> "JS";
        case COVERAGE_TYPES -> "types covered";
        case COVERAGE_TOKENS -> "words covered";
        case SEEN_TYPES -> "types met";
        case SEEN_TOKENS -> "words met";
      };
    }

    private static String unit(Measure measure) {
      return measure == Measure.KL || measure == Measure.JS ? "nats" : "%";
    }
  }
}
