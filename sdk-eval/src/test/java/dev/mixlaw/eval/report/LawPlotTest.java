package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.ObservationsBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class LawPlotTest {
  private static final double[] TOKENS = {1e8, 2e8, 4e8, 8e8, 1.6e9, 3.2e9, 6.4e9};

  @TempDir Path directory;

  @Test
  void aLawOfTokensHasPointsACurveABandAndItsFloor() throws Exception {
    Document svg = SvgCheck.parse(LawPlot.of(data(2, 7)).drawing().svg());

    SvgCheck.finiteAndInside(svg.getDocumentElement());
    assertThat(count(svg, "circle")).isEqualTo(TOKENS.length + 1); // one in the legend
    assertThat(paths(svg, "fill-opacity")).isEqualTo(1); // the band
    assertThat(paths(svg, "stroke-dasharray")).isEqualTo(1); // the floor
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("L(D) = E + B·D^-beta: E ", "D, tokens", "loss, nats per token", "100M", "1B");
    assertThat(SvgCheck.text(svg.getDocumentElement(), "desc")).contains("7 points, ", "floor ");
  }

  @Test
  void theBandContainsTheCurveAndTheFloorLiesUnderIt() {
    LawFit fit = data(2, 7);
    Chart.Point at = new Chart.Point(1, fit.loss(1e9), 0, 0);

    assertThat(fit.predict(1e9).interval().contains(at.y())).isTrue();
    assertThat(fit.value("E")).isLessThan(at.y());
  }

  @Test
  void severalLawsAreDistinguishedAndHeldOutPointsAreHollow() throws Exception {
    Document svg =
        SvgCheck.parse(
            LawPlot.of("natural", data(2, 7))
                .and("textbook", data(2.4, 8))
                .heldOut(Observations.overTokens(new double[] {2e10}, new double[] {2.6}))
                .unit(LossUnit.BITS_PER_BYTE)
                .drawing()
                .svg());

    assertThat(svg.getDocumentElement().getTextContent())
        .contains("natural: E ", "textbook: E ", "bits per byte", "20B");
    NodeList polygons = svg.getElementsByTagName("polygon");
    assertThat(
            IntStream.range(0, polygons.getLength())
                .mapToObj(i -> (Element) polygons.item(i))
                .filter(p -> p.getAttribute("fill").equals("none")))
        .hasSize(1);
  }

  @Test
  void aLawOfTwoInputsHasACurveForEachSizeWhereTheyAreFew() throws Exception {
    Document few = SvgCheck.parse(LawPlot.of(chinchilla(4)).drawing().svg());
    Document many = SvgCheck.parse(LawPlot.of(chinchilla(9)).drawing().svg());

    SvgCheck.finiteAndInside(few.getDocumentElement());
    SvgCheck.finiteAndInside(many.getDocumentElement());
    assertThat(few.getDocumentElement().getTextContent()).contains("N 10M", "N 80M", "D, tokens");
    assertThat(many.getDocumentElement().getTextContent()).contains("predicted loss");
  }

  @Test
  void aSizeThatWasHeldOutWhollyHasItsCurveToo() throws Exception {
    Observations out =
        ObservationsBuilder.of(Input.N, Input.D).add(2.5, 1.6e8, 1e9).add(2.4, 1.6e8, 2e9).build();

    String svg = LawPlot.of(chinchilla(4)).heldOut(out).drawing().svg();

    SvgCheck.finiteAndInside(SvgCheck.parse(svg).getDocumentElement());
    assertThat(svg).contains("N 80M", "N 160M", "(hollow: held out)");
  }

  @Test
  void namesAreEscapedWhateverTheyContain() throws Exception {
    Document svg = SvgCheck.parse(LawPlot.of("<b>&\"'%s", data(2, 7)).drawing().svg());

    assertThat(svg.getDocumentElement().getTextContent()).contains("<b>&\"'%s");
    assertThat(count(svg, "b")).isZero();
  }

  @Test
  void anotherLawMustHaveANewNameAndTheSameInputs() {
    LawPlot plot = LawPlot.of("natural", data(2, 7));

    assertThatIllegalArgumentException().isThrownBy(() -> plot.and("natural", data(2, 8)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> plot.and("other", chinchilla(4)))
        .withMessageContaining("[N, D]");
  }

  @Test
  void theFileIsAWholeDocument() throws Exception {
    Path file = directory.resolve("new/law.svg");

    LawPlot.of(data(2, 7)).write(file);

    String svg = Files.readString(file);
    assertThat(SvgCheck.parse(svg).getDocumentElement().getAttribute("xmlns"))
        .isEqualTo("http://www.w3.org/2000/svg");
    assertThat(svg).contains("<style>", "prefers-color-scheme: dark");
  }

  private static LawFit data(double floor, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] losses =
        Arrays.stream(TOKENS)
            .map(d -> (floor + 400 * Math.pow(d, -0.3)) * Math.exp(0.001 * random.nextGaussian()))
            .toArray();
    return LawFitter.of(LawForms.DATA)
        .bootstrap(200)
        .seed(1)
        .fit(Observations.overTokens(TOKENS, losses))
        .orElseThrow();
  }

  private static LawFit chinchilla(int sizes) {
    SplittableRandom random = new SplittableRandom(3);
    ObservationsBuilder rows = ObservationsBuilder.of(Input.N, Input.D);
    for (int i = 0; i < sizes; i++) {
      double n = 1e7 * Math.pow(2, i);
      for (double d : TOKENS) {
        double loss = 1.8 + 400 * Math.pow(n, -0.34) + 400 * Math.pow(d, -0.3);
        rows.add(loss * Math.exp(0.001 * random.nextGaussian()), n, d);
      }
    }
    return LawFitter.of(LawForms.CHINCHILLA).bootstrap(100).seed(1).fit(rows.build()).orElseThrow();
  }

  private static int count(Document svg, String tag) {
    return svg.getElementsByTagName(tag).getLength();
  }

  private static long paths(Document svg, String attribute) {
    NodeList paths = svg.getElementsByTagName("path");
    return IntStream.range(0, paths.getLength())
        .filter(i -> ((Element) paths.item(i)).hasAttribute(attribute))
        .count();
  }
}
