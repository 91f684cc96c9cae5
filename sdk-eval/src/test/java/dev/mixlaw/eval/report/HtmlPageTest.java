package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Names;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class HtmlPageTest {
  @TempDir Path directory;

  @Test
  void aPageContainsWhatItWasGiven() throws Exception {
    Path file = directory.resolve("new/page.html");
    overlap().section("Sizes").table(sizes()).folded("all of them", sizes()).write(file);

    Document page = SvgCheck.parse(Files.readString(file));
    assertThat(page.getDocumentElement().getTextContent())
        .contains("Corpora", "3 % are shared", "of the row", "web", "1.2M", "all of them");
    assertThat(page.getElementsByTagName("nav").getLength()).isEqualTo(1);
    assertThat(page.getElementsByTagName("table").getLength()).isEqualTo(2);
    SvgCheck.finiteAndInside(page.getDocumentElement());
  }

  @Test
  void numbersStandToTheRightAndNamesToTheLeft() {
    assertThat(sizes().html())
        .contains("<th class=\"words\">corpus</th><th>tokens</th>")
        .contains("<td class=\"words\">web</td><td>1.2M</td>");
  }

  @Test
  void aCellWithoutAValueIsADashAndTextAfterALineBreakIsSmall() {
    String html =
        HtmlTable.of(List.of("a", "b"))
            .number("x", n -> Optional.of("1\n2 & 3").filter(v -> n.equals("a")))
            .html();

    assertThat(html).contains("<td>1<br/><small>2 &amp; 3</small></td>", "<td>–</td>");
  }

  @Test
  void textIsEscapedWhateverItContains() throws Exception {
    String hostile = "<script>alert('%s')</script>&\"\u0000\u001b[31m\ufffe\ud800";
    String html =
        HtmlPage.titled(hostile)
            .lead(hostile)
            .answer(List.of(hostile))
            .section(hostile)
            .heading(hostile)
            .paragraph(hostile)
            .table(HtmlTable.of(List.of(hostile)).words(hostile, h -> h))
            .figure(
                hostile,
                HeatMap.of(hostile, List.of(hostile), List.of(hostile))
                    .unit(hostile)
                    .cell(hostile, hostile, 1, hostile, hostile)
                    .drawing())
            .html();

    Document page = SvgCheck.parse(html);
    assertThat(page.getElementsByTagName("script").getLength()).isZero();
    assertThat(page.getElementsByTagName("h1").item(0).getTextContent())
        .isEqualTo(Names.printable(hostile));
    assertThat(html).doesNotContain("http:", "https:", "src=", "@import", "url(");
  }

  @Test
  void aMissingCellIsShownAsSuchAndADeeperTintIsALargerNumber() throws Exception {
    String svg =
        HeatMap.of("shares", List.of("a", "b"), List.of("x", "y"))
            .cell("a", "x", 1)
            .cell("a", "y", 30)
            .cell("b", "x", 12.34)
            .drawing()
            .svg();

    Document drawing = SvgCheck.parse(svg);
    SvgCheck.finiteAndInside(drawing.getDocumentElement());
    assertThat(svg).contains("class=\"missing\"", ">–<", ">12.3<");
    assertThat(svg.indexOf("fill-opacity=\"0.06\""))
        .isLessThan(svg.indexOf("fill-opacity=\"0.50\""));
  }

  @Test
  void aHeatMapWithoutNumbersOrWithOneHasADrawing() throws Exception {
    HeatMap map = HeatMap.of("one", List.of("a"), List.of("x"));
    SvgCheck.finiteAndInside(SvgCheck.parse(map.drawing().inline()).getDocumentElement());
    SvgCheck.finiteAndInside(
        SvgCheck.parse(map.cell("a", "x", 0).drawing().inline()).getDocumentElement());
  }

  @Test
  void cellsThatHaveNoPlaceAreRefused() {
    HeatMap map = HeatMap.of("one", List.of("a"), List.of("x"));
    assertThatIllegalArgumentException().isThrownBy(() -> map.cell("b", "x", 1));
    assertThatIllegalArgumentException().isThrownBy(() -> map.cell("a", "x", Double.NaN));
  }

  @Test
  void aPlaceThatCannotBeWrittenToIsNamed() throws Exception {
    Path file = Files.createFile(directory.resolve("in-the-way"));

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> overlap().write(file.resolve("page.html")))
        .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .withMessageContaining("in-the-way");
  }

  private static HtmlPage overlap() {
    return HtmlPage.titled("Corpora")
        .lead("Shares are of tokens.")
        .answer(List.of("3 % are shared"))
        .section("Overlap")
        .figure(
            "of the row in the column",
            HeatMap.of("overlap", List.of("web", "wiki"), List.of("web", "wiki"))
                .axes("row", "column")
                .unit("%")
                .cell("web", "wiki", 3)
                .drawing());
  }

  private static HtmlTable<String> sizes() {
    return HtmlTable.of(List.of("web")).words("corpus", name -> name).number("tokens", n -> "1.2M");
  }
}
