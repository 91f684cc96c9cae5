package dev.mixlaw.eval.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.mixture.MixtureRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JoinedTableTest {
  @TempDir Path folder;

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  private static LossTable joined(Path shares, Path losses) {
    return LossTable.csv(shares).joined(losses);
  }

  @Test
  void rowsAreJoinedByTheirIndexNotByTheirPlace() throws IOException {
    MixtureRuns runs =
        joined(
                file("s.csv", "index,web,hq", "7,0.4,0.6", "3,1,0"),
                file("l.csv", "wiki,index,news", "3.1,3,4.1", "3.7,7,4.7"))
            .mixtureRuns();

    assertThat(runs.sources()).containsExactly("web", "hq");
    assertThat(runs.domains()).containsExactly("wiki", "news");
    assertThat(runs.losses("wiki")).containsExactly(3.7, 3.1);
    assertThat(runs.rows().get(0).shares()).containsExactly(0.4, 0.6);
    assertThat(runs.rows().get(0).label()).isEqualTo("s.csv:2");
  }

  @Test
  void sharesWithinOnePercentAreBroughtToOneAndOthersRefused() throws IOException {
    Path losses = file("l.csv", "i,wiki", "1,3", "2,4");
    MixtureRuns runs =
        joined(file("s.csv", "i,a,b", "1,0.5,0.495", "2,0.5,0.5"), losses).mixtureRuns();

    assertThat(runs.rows().get(0).shares()[0]).isCloseTo(0.5 / 0.995, within(1e-15));
    assertThat(runs.warnings())
        .containsExactly(
            "the shares of 1 rows summed to within 1 % of 1; they were normalized to sum to 1");
    thrownBy(file("t.csv", "i,a,b", "1,0.5,0.5", "2,0.5,0.48"), losses)
        .hasMessageContaining("t.csv:3, sum of the shares: 0.98")
        .hasMessageContaining("a sum within 1 % of 1");
    thrownBy(file("u.csv", "i,a,b", "1,0.5,0.5", "2,1.2,-0.2"), losses)
        .hasMessageContaining("u.csv:3, column b: -0.2; expected a finite number of at least 0");
  }

  @Test
  void sizesAndBudgetsAreNoSources() throws IOException {
    MixtureRuns runs =
        joined(
                file("s.csv", "i,N,a,b,D", "1,1000,0.5,0.5,2e4", "2,3000,0.5,0.5,8e4"),
                file("l.csv", "i,wiki", "1,3", "2,4"))
            .params("N")
            .tokens("D")
            .mixtureRuns();

    assertThat(runs.sources()).containsExactly("a", "b");
    assertThat(runs.largestScale().params().orElseThrow().count()).isEqualTo(3000);
    assertThat(runs.largestScale().tokens()).contains(Tokens.tokens("80k"));
    assertThat(runs.byMixture()).hasSize(1);
  }

  @Test
  void errorsAreReportedWithRowColumnAndRule() throws IOException {
    Path shares = file("s.csv", "i,a,b", "1,0.5,0.5", "2,0.4,0.6", "3,0.3,0.7");

    thrownBy(shares, file("l1.csv", "i,wiki", "1,3", "3,4", "9,4"))
        .hasMessageContaining("s.csv:3: index 2 has no row in l1.csv")
        .hasMessageContaining("l1.csv:4: index 9 has no row in s.csv");
    thrownBy(shares, file("l2.csv", "i,wiki", "1,3", "2,NaN", "3,4"))
        .hasMessageContaining("l2.csv:3, column wiki: \"NaN\"");
    thrownBy(shares, file("l3.csv", "i,wiki", "1,3", "2,0", "3,-1"))
        .hasMessageContaining("l3.csv:3, column wiki: 0; expected a finite number above 0")
        .hasMessageContaining("l3.csv:4, column wiki: -1");
    thrownBy(shares, file("l4.csv", "i,wiki", "1,3", "2,", "2,4"))
        .hasMessageContaining("l4.csv:3, column wiki: empty")
        .hasMessageContaining("s.csv:4: index 3 has no row in l4.csv")
        .hasMessageContaining("l4.csv:4, column i: 2, which also occurs in l4.csv:3");
    thrownBy(shares, file("l5.csv", "run,wiki", "1,3"))
        .hasMessageContaining("column i (the column that joins the files): not in l5.csv")
        .hasMessageContaining("[run, wiki]");
    thrownBy(file("s2.csv", "i,a,b", "1,half,0.5"), file("l6.csv", "i,wiki", "1,3"))
        .hasMessageContaining("s2.csv:2, column a: \"half\"");
    thrownBy(file("s3.csv", "i,a", "1,1"), file("l7.csv", "i,wiki", "1,3"))
        .hasMessageContaining("1 share columns");
    thrownBy(file("s4.csv", "i,a,b"), file("l8.csv", "i,wiki"))
        .hasMessageContaining("s4.csv: no rows");
    thrownBy(folder.resolve("none.csv"), shares).hasMessageContaining("none.csv");
  }

  @Test
  void oneFileWithSharesAndLossesIsEnough() throws IOException {
    Path file = file("runs.csv", "run,hq,web,wiki", "a,0.4,0.6,3", "a,0.4,0.6,2.9", "b,1,0,4");

    MixtureRuns runs = LossTable.csv(file).cluster("run").loss("wiki").mixtureRuns();

    assertThat(runs.sources()).containsExactly("hq", "web");
    assertThat(runs.losses("wiki")).containsExactly(3, 2.9, 4);
    assertThat(runs.rows().get(1).cluster()).contains("a");
  }

  @Test
  void conditionsAndEmptyCellsWorkOnBothFiles() throws IOException {
    LossTable table =
        joined(
            file("s.csv", "i,a,b", "1,0.5,0.5", "2,0.4,0.6", "3,,0.7", "4,0.2,0.8"),
            file("l.csv", "i,wiki,step", "1,3,9", "2,,9", "3,4,9", "4,5,8"));

    MixtureRuns runs = table.loss("wiki").where("step=9").skipEmpty().mixtureRuns();

    assertThat(runs.losses("wiki")).containsExactly(3);
    assertThat(runs.warnings()).containsExactly("2 rows with an empty cell were left out");
  }

  @Test
  void aMissingTargetListsTheColumns() throws IOException {
    LossTable table =
        joined(file("s.csv", "i,a,b", "1,0.5,0.5"), file("l.csv", "i,wiki,news", "1,3,4"));

    assertThatThrownBy(() -> table.loss("wikis").mixtureRuns())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("column wikis (the loss): not in l.csv")
        .hasMessageContaining("[i, wiki, news]");
    assertThat(table.loss("news").mixtureRuns().domains()).containsExactly("news");
  }

  private static AbstractThrowableAssert<?, ? extends Throwable> thrownBy(
      Path shares, Path losses) {
    return assertThatThrownBy(() -> joined(shares, losses).mixtureRuns())
        .isInstanceOf(MixlawException.class);
  }
}
