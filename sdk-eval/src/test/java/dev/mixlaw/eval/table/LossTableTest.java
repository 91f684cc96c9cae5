package dev.mixlaw.eval.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.SharedData;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LossTableTest {
  @TempDir Path directory;

  private Path file(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    return file;
  }

  private static LossTable tokens(Path file) {
    return LossTable.csv(file).tokens("tokens").unit(LossUnit.BITS_PER_BYTE);
  }

  private void isRefused(LossTable table, String... parts) {
    assertThatThrownBy(table::read)
        .isInstanceOf(MixlawException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(parts));
  }

  @Test
  void aPlainTableIsRead() throws IOException {
    // given
    Path file = file("a.csv", "params,tokens,loss", "1e6,2e7,3.5", "1000000,4e7,3.25");
    // when
    LossTable.Content content = LossTable.csv(file).params("params").tokens("tokens").read();
    // then
    Observations observations = content.observations();
    assertThat(observations.inputs()).containsExactly("N", "D");
    assertThat(observations.column("N")).containsExactly(1e6, 1e6);
    assertThat(observations.column("D")).containsExactly(2e7, 4e7);
    assertThat(observations.losses()).containsExactly(3.5, 3.25);
    assertThat(observations.get(1).label()).isEqualTo("a.csv:3");
    assertThat(content.unit()).isEqualTo(LossUnit.NATS_PER_TOKEN);
    assertThat(content.warnings()).singleElement().asString().contains("nats per token");
  }

  @Test
  void aStatedUnitNeedsNoWarning() throws IOException {
    LossTable.Content content = tokens(file("a.csv", "tokens,loss", "1e9,2")).read();
    assertThat(content.unit()).isEqualTo(LossUnit.BITS_PER_BYTE);
    assertThat(content.warnings()).isEmpty();
  }

  @Test
  void valuesInUnlikelyUnitsAreWarnedOf() throws IOException {
    Path file = file("a.csv", "params,tokens,loss", "70,1.4,22.5", "400,8,14.1");
    LossTable table = LossTable.csv(file).params("params").tokens("tokens");
    assertThat(table.unit(LossUnit.NATS_PER_TOKEN).read().warnings())
        .satisfiesExactly(
            w -> assertThat(w).startsWith("column params: the largest value is 400.0"),
            w -> assertThat(w).startsWith("column tokens: the largest value is 8.0"),
            w -> assertThat(w).startsWith("column loss: the largest value is 22.5 nats per token"));
  }

  @Test
  void aMissingColumnIsRefusedWithTheMethodThatNamesIt() throws IOException {
    Path file = file("a.csv", "N,D,val_loss", "1e6,2e7,3.5");
    LossTable table = LossTable.csv(file).params("params").tokens("tokens");
    assertThatThrownBy(RunTable.of(table, LossUnit.BITS_PER_BYTE).mixture("data")::analyze)
        .hasMessageContaining("set the column's name with RunTable.mixture");
    isRefused(
        table,
        "set the column's name with LossTable.loss",
        "set the column's name with LossTable.params",
        "set the column's name with LossTable.tokens");
  }

  @Test
  void aByteOrderMarkQuotesAndLineBreaksInCellsAreReadAsMeant() throws IOException {
    // given
    Path file =
        file(
            "a.csv",
            "\uFEFF\"tokens\",\"a \"\"note\"\", quoted\",loss",
            "1e7,\"two",
            "lines, one cell\",3.5",
            "2e7,x,3.4");
    // when
    LossTable.Content all = tokens(file).read();
    LossTable.Content one = tokens(file).where("a \"note\", quoted=two\nlines, one cell").read();
    // then
    assertThat(all.observations().losses()).containsExactly(3.5, 3.4);
    assertThat(all.observations().get(1).label()).isEqualTo("a.csv:4");
    assertThat(one.observations().losses()).containsExactly(3.5);
    assertThat(one.leftOut()).isEqualTo(1);
  }

  @Test
  void semicolonsAndDecimalCommasAreReadWhenRequested() throws IOException {
    Path file = file("a.csv", "tokens;loss", "1e7;3,5", "2e7;3,25");
    assertThat(tokens(file).decimalComma().read().observations().losses())
        .containsExactly(3.5, 3.25);
  }

  @Test
  void anUnstatedDecimalCommaIsReported() throws IOException {
    isRefused(
        tokens(file("a.csv", "tokens;loss", "1e7;3,5")),
        "a.csv:2, column loss",
        "\"3,5\"",
        "LossTable.decimalComma");
  }

  @Test
  void numbersMayHaveASuffix() throws IOException {
    Path file = file("a.csv", "params,tokens,web,hq,loss", "1.5k,2B,75%,25 %,3", "70 M,1T,1,0,2");
    LossTable table =
        tokens(file).params("params").share("web", "web").share("hq", "hq").where("params<=70e6");
    Observations observations = table.read().observations();
    assertThat(observations.column("N")).containsExactly(1500, 70e6);
    assertThat(observations.column("D")).containsExactly(2e9, 1e12);
    assertThat(observations.column("share_hq")).containsExactly(0.25, 0);
    isRefused(
        tokens(file("b.csv", "tokens,loss", "1e9 tokens,3")), "column tokens: \"1e9 tokens\"");
  }

  @Test
  void missingColumnsAreAllNamed() throws IOException {
    isRefused(
        LossTable.csv(file("a.csv", "tokens,loss_wiki", "1,2"))
            .tokens("tokens")
            .params("N")
            .where("corpus=web"),
        "column N (N, parameters): not in a.csv; expected one of [tokens, loss_wiki]",
        "column loss (the loss): not in",
        "column corpus (condition corpus=web)");
  }

  @Test
  void everyBadValueIsNamedWithRowColumnAndRule() throws IOException {
    Path file =
        file("a.csv", "tokens,loss", "0,3.5", "-1,3.4", "1e7,NaN", "1e7,", "1e400,3", "abc,3.2");
    isRefused(
        tokens(file),
        "a.csv:2, column tokens: 0; expected a finite number above 0",
        "a.csv:3, column tokens: -1",
        "a.csv:4, column loss: \"NaN\"; expected a finite number",
        "exclude the row with LossTable.where, such as \"loss!=NaN\"",
        "a.csv:5, column loss: empty",
        "a.csv:6, column tokens: 1e400",
        "a.csv:7, column tokens: \"abc\"");
  }

  @Test
  void duplicateRowsAreNamedAndSeedsAreNone() throws IOException {
    isRefused(
        tokens(file("a.csv", "tokens,loss", "1,2", "3,4", "1,2")),
        "a.csv:4: identical to a.csv:2 in every column");
    assertThat(
            tokens(file("b.csv", "tokens,seed,loss", "1,1,2", "1,2,2"))
                .read()
                .observations()
                .size())
        .isEqualTo(2);
  }

  @Test
  void sharesThatSumToOneWithinAPercentAreNormalisedAndOthersRefused() throws IOException {
    // given
    Path good = file("good.csv", "loss,web,code", "3,0.699,0.3", "2,0.7,0.3");
    Path bad = file("bad.csv", "loss,web,code", "3,0.6,0.3");
    // when
    LossTable.Content content =
        LossTable.csv(good).share("web", "web").share("code", "code").read();
    // then
    assertThat(content.observations().inputs()).containsExactly("share_web", "share_code");
    assertThat(content.observations().column("share_web")[0]).isCloseTo(.699 / .999, within(1e-15));
    assertThat(content.warnings()).anyMatch(w -> w.startsWith("the shares of 1 rows summed"));
    isRefused(
        LossTable.csv(bad).share("web", "web").share("code", "code"),
        "bad.csv:2, column web + code",
        "a sum within 1 % of 1");
  }

  @Test
  void aShareAndAnAddedAmountAreNotReadAtOnce() throws IOException {
    isRefused(
        LossTable.csv(file("a.csv", "loss,web,human,llm", "3,1,5,5"))
            .share("web", "web")
            .added("human", "llm"),
        "different experiments");
  }

  @Test
  void oneShareAloneIsAPartOfTheWhole() throws IOException {
    Path good = file("good.csv", "loss,tokens,web", "3,1e7,0.25", "2,1e7,1");
    assertThat(tokens(good).share("web", "web").read().observations().column("share_web"))
        .containsExactly(.25, 1);
    isRefused(
        tokens(file("bad.csv", "loss,tokens,web", "3,1e7,1.5")).share("web", "web"),
        "bad.csv:2, column web: 1.5; expected a number from 0 to 1");
  }

  @Test
  void addedTokensMayBeNoneButHumanOnesNot() throws IOException {
    LossTable.Content content =
        LossTable.csv(file("a.csv", "loss,human,llm", "3,5,0")).added("human", "llm").read();
    assertThat(content.observations().inputs()).containsExactly("D_human", "D_synthetic");
    isRefused(
        LossTable.csv(file("b.csv", "loss,human,llm", "3,0,5")).added("human", "llm"),
        "b.csv:2, column human");
  }

  @Test
  void conditionsKeepRowsAndHoldThemOut() throws IOException {
    // given
    Path file =
        file("a.csv", "corpus,tokens,loss", "web,1e7,4", "web,1e8,3.5", "code,1e7,2", "web,1e12,3");
    // when
    LossTable.Content content = tokens(file).where("corpus = web").heldOut("tokens>1e11").read();
    // then
    assertThat(content.observations().losses()).containsExactly(4, 3.5, 3);
    assertThat(content.leftOut()).isEqualTo(1);
    assertThat(content.heldOut()).containsExactly("a.csv:5");
    assertThat(content.observations().where(content.isHeldOut()).losses()).containsExactly(3);
  }

  @Test
  void aConditionMayNameAlternatives() throws IOException {
    // given
    Path file = file("a.csv", "corpus,tokens,loss", "web,1e7,4", "code,1e8,3", "wiki,1e9,2");
    // when, then
    assertThat(losses(tokens(file).where("corpus = web | wiki"))).containsExactly(4, 2);
    assertThat(losses(tokens(file).where("corpus!=web|wiki"))).containsExactly(3);
    assertThat(losses(tokens(file).where("tokens=10000000|1e9"))).containsExactly(4, 2);
  }

  private static double[] losses(LossTable table) {
    return table.read().observations().losses();
  }

  @Test
  void aCompressedTableIsReadLikeAPlainOne() throws IOException {
    // given
    Path file = directory.resolve("a.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("tokens,loss\r\n1e7,4\r\n1e8,3".getBytes(StandardCharsets.UTF_8));
    }
    // when
    Observations observations = tokens(file).read().observations();
    // then
    assertThat(observations.losses()).containsExactly(4, 3);
    assertThat(observations.get(1).label()).isEqualTo("a.csv.gz:3");
    isRefused(tokens(file("b.csv.gz", "tokens,loss", "1,2")), "b.csv.gz", "cannot be read", "GZIP");
  }

  @Test
  void aLineThatNeverEndsIsRefusedBeforeItFillsTheMemory() throws IOException {
    // given a gzip file with a single line of 64 MB
    Path file = directory.resolve("bomb.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write("tokens,loss\n".getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        out.write(block);
      }
    }
    // when, then
    isRefused(tokens(file), "bomb.csv.gz:2: a line is too long", "1048576 characters");
  }

  @Test
  void aConditionThatNoRowMeetsIsAnError() throws IOException {
    isRefused(
        tokens(file("a.csv", "tokens,loss", "1,2")).where("tokens>5"),
        "none of 1 rows meets the conditions [tokens>5]");
  }

  @Test
  void moreOrLessOfSomethingThatIsNoNumberIsAnError() throws IOException {
    isRefused(
        tokens(file("a.csv", "corpus,tokens,loss", "web,1,2")).where("corpus>5"),
        "a.csv:2, column corpus",
        "a number, for condition corpus>5");
    assertThatThrownBy(() -> Condition.parse("tokens>many"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tokens>many: > takes exactly one number");
    assertThatThrownBy(() -> Condition.parse("tokens"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aHeldOutSetThatIsEmptyIsRefusedByTheFit() throws IOException {
    LossTable.Content content =
        tokens(file("a.csv", "tokens,loss", "1e6,5", "1e7,4", "1e8,3.5", "1e9,3.2", "1e10,3"))
            .heldOut("tokens>1e11")
            .read();
    Answer<LawFit> fit =
        LawFitter.of(LawForms.DATA).heldOut(content.isHeldOut()).fit(content.observations());
    assertThat(fit.toString()).contains("no observation is held out");
  }

  @Test
  void rowsOfTheWrongLengthAndOpenQuotesAreNamed() throws IOException {
    isRefused(tokens(file("a.csv", "tokens,loss", "1,2,3")), "a.csv:2: 3 cells", "2 cells");
    isRefused(tokens(file("b.csv", "tokens,loss", "1,2", "\"1,2")), "b.csv:3", "closing quote");
    isRefused(tokens(file("c.csv", "tokens,loss,loss", "1,2,3")), "two columns named loss");
    isRefused(tokens(file("d.csv", "")), "no header");
    isRefused(tokens(directory.resolve("none.csv")), "none.csv", "cannot be read");
  }

  @Test
  void bytesThatAreNotUtf8AreAnError() throws IOException {
    Path file = directory.resolve("latin.csv");
    Files.write(file, "tokens,note,loss\n1,caf\u00e9,2\n".getBytes(StandardCharsets.ISO_8859_1));
    isRefused(tokens(file), "latin.csv", "UTF-8");
  }

  @Test
  void linesOfJsonAreReadAlike() throws IOException {
    // given
    Path file =
        file(
            "a.jsonl",
            "{\"tokens\": 1e7, \"loss\": 3.5, \"corpus\": \"web\"}",
            "",
            "{\"loss\": \"3.25\", \"corpus\": \"web\", \"tokens\": 20000000}");
    // when
    Observations observations = LossTable.jsonl(file).tokens("tokens").read().observations();
    // then
    assertThat(observations.column("D")).containsExactly(1e7, 2e7);
    assertThat(observations.losses()).containsExactly(3.5, 3.25);
    assertThat(observations.get(1).label()).isEqualTo("a.jsonl:3");
    isRefused(
        LossTable.jsonl(file("b.jsonl", "{\"loss\": 3}")).tokens("tokens"),
        "b.jsonl:1, column tokens: missing; expected one of the keys [loss]");
    isRefused(LossTable.jsonl(file("c.jsonl", "{\"loss\": 3")), "c.jsonl:1: not JSON");
    isRefused(LossTable.jsonl(file("d.jsonl", "[1]")), "not an object");
    isRefused(LossTable.csv(file("e.json", "[{\"loss\": 3}]")), "e.json:1: JSON", "*.jsonl");
  }

  @Test
  void aFilesNameSaysHowItIsRead() throws IOException {
    Path lines = file("a.JSONL", "{\"tokens\": 1e7, \"loss\": 3.5}");
    Path csv = file("a.jsonl.csv", "tokens,loss", "1e7,3.5");
    assertThat(losses(LossTable.file(lines).tokens("tokens"))).containsExactly(3.5);
    assertThat(losses(LossTable.file(csv).tokens("tokens"))).containsExactly(3.5);
  }

  @Test
  void everyColumnOfLossesIsReadWithItsWeightAndRun() throws IOException {
    // given
    Path file =
        file(
            "a.csv", "run,seeds,tokens,wiki,code", "a,3,1e7,4,2", "a,3,1e8,3.5,1.5", "b,1,1e7,5,3");
    // when
    LossTable.Content content =
        tokens(file).loss("wiki", "code").weight("seeds").cluster("run").read();
    // then
    assertThat(content.losses()).containsOnlyKeys("wiki", "code");
    assertThat(content.observations().losses()).containsExactly(4, 3.5, 5);
    Observations code = content.losses().get("code");
    assertThat(code.losses()).containsExactly(2, 1.5, 3);
    assertThat(code.rows()).extracting(o -> o.weight()).containsExactly(3.0, 3.0, 1.0);
    assertThat(code.clusters()).containsExactly(new int[] {0, 1}, new int[] {2});
    isRefused(
        tokens(file("b.csv", "run,w,tokens,loss", "a,0,1,2", ",1,2,2")).weight("w").cluster("run"),
        "b.csv:2, column w: 0; expected a finite number above 0",
        "b.csv:3, column run: empty; expected a name");
  }

  @Test
  void emptyCellsAreSkippedWhenRequestedAndCounted() throws IOException {
    // given
    Path file = file("a.csv", "tokens,loss,note", "1e7,4,", "1e8,,x", " ,3,x", "1e9,2,x", ",,x");
    // when
    LossTable.Content content = tokens(file).skipEmpty().read();
    // then
    assertThat(content.observations().losses()).containsExactly(4, 2);
    assertThat(content.empty()).isEqualTo(3);
    assertThat(content.warnings()).containsExactly("3 rows with an empty cell were left out");
    isRefused(tokens(file), "a.csv:3, column loss: empty", "LossTable.skipEmpty");
    // when conditions select the rows in which one column is empty, or exclude them
    Path ragged = file("b.csv", "tokens,loss", "1e7,4", "1e8,");
    assertThat(losses(tokens(ragged).where("loss!="))).containsExactly(4);
    assertThat(losses(LossTable.csv(ragged).loss("tokens").where("loss="))).containsExactly(1e8);
    assertThat(losses(tokens(ragged).skipEmpty().where("loss>1"))).containsExactly(4);
  }

  @Test
  void aConditionOnFlopsIsComputedUnlessTheTableHasThem() throws IOException {
    String atLeast = "flops>=6e14";
    Path file = file("a.csv", "params,tokens,loss", "1e6,1e8,4", "1e6,99999999,3");
    assertThat(losses(LossTable.csv(file).params("params").tokens("tokens").where(atLeast)))
        .containsExactly(4);
    Path added = file("b.csv", "n,h,s,loss", "1e6,5e7,5e7,4", "1e6,9e7,0,3");
    assertThat(losses(LossTable.csv(added).params("n").added("h", "s").where(atLeast)))
        .containsExactly(4);
    Path given = file("c.csv", "params,tokens,flops,loss", "1e6,1e8,1,4", "1e6,1,1e15,3");
    assertThat(losses(LossTable.csv(given).params("params").tokens("tokens").where(atLeast)))
        .containsExactly(3);
    isRefused(tokens(file).where(atLeast), "column flops (condition flops>=6e14): not in a.csv");
  }

  @Test
  void aLongCellIsQuotedInPart() throws IOException {
    isRefused(
        tokens(file("a.csv", "tokens,loss", "1," + "x".repeat(1000))),
        "a.csv:2, column loss: \"" + "x".repeat(79) + "…\"; expected a finite number");
  }

  @Test
  void badRowsAreReportedBesideBadCells() throws IOException {
    isRefused(
        tokens(file("a.csv", "tokens,loss", "1,2,3", "1,NaN", "4")),
        "a.csv:2: 3 cells",
        "a.csv:3, column loss: \"NaN\"",
        "a.csv:4: 1 cells");
    isRefused(
        LossTable.jsonl(file("a.jsonl", "[]", "{\"loss\": 0}", "{")),
        "a.jsonl:1: JSON that is not an object",
        "a.jsonl:2, column loss: 0",
        "a.jsonl:3: not JSON");
  }

  @Test
  void aQuoteThatIsNeverClosedIsRefusedBeforeItFillsTheMemory() throws IOException {
    // given a gzip file with 64 MB of short lines after a quote that is never closed
    Path file = directory.resolve("open.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file), 1 << 16)) {
      out.write("tokens,loss\n1,\"".getBytes(StandardCharsets.UTF_8));
      byte[] line = "x".repeat(1023).concat("\n").getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1 << 16; i++) {
        out.write(line);
      }
    }
    // when, then
    isRefused(tokens(file), "open.csv.gz:2: not CSV", "exceeds the maximum allowed");
  }

  @Test
  void aMillionRowsAreStreamed() throws IOException {
    // given
    Path file = directory.resolve("million.csv");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write("run,tokens,loss\n");
      for (int i = 0; i < 1_000_000; i++) {
        writer.write(i + "," + (1000 + i) + ",3.25\n");
      }
    }
    // when
    LossTable.Content content = tokens(file).where("run<10").read();
    // then
    assertThat(content.observations().size()).isEqualTo(10);
    assertThat(content.leftOut()).isEqualTo(999_990);
  }

  @Test
  void thePublishedTablesAreReadWhole() {
    LossTable.Content chinchilla =
        LossTable.csv(SharedData.file("laws/chinchilla.csv"))
            .params("params")
            .tokens("tokens")
            .unit(LossUnit.NATS_PER_TOKEN)
            .read();
    assertThat(chinchilla.observations().size()).isEqualTo(245);
    LossTable.Content overtraining =
        LossTable.csv(SharedData.file("laws/overtraining.csv"))
            .params("params")
            .tokens("tokens")
            .loss("loss_c4_val")
            .where("train_corpus=rpj")
            .read();
    assertThat(overtraining.observations().size()).isEqualTo(35);
  }
}
