package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeRunsTest {
  @TempDir Path directory;

  /**
   * Writes simulated losses. The lowest possible loss of textbook text is 0.9 higher than that of
   * natural text; the mixture with a third of rephrased text needs half the tokens.
   */
  private Path runs() throws IOException {
    StringBuilder csv = new StringBuilder("mixture,params,tokens,seed,wiki,code\n");
    String[] mixtures = {"natural", "rephrased-33", "textbook"};
    for (int m = 0; m < mixtures.length; m++) {
      for (long n : new long[] {1_000_000, 4_000_000}) {
        for (int seed = 0; seed < 2; seed++) {
          for (long d = 10_000_000; d <= 320_000_000; d *= 2) {
            double loss =
                (m == 2 ? 2.9 : 2)
                    + 10 * Math.pow(n, -0.3)
                    + 150 * (m == 1 ? Math.pow(2, -0.3) : 1) * Math.pow(d, -0.3)
                    + 0.002 * (seed - 0.5);
            csv.append(
                String.format(
                    Locale.ROOT, "%s,%d,%d,%d,%f,%f\n", mixtures[m], n, d, seed, loss, loss + 1));
          }
        }
      }
    }
    return Files.writeString(directory.resolve("runs.csv"), csv);
  }

  @Test
  void writesLawsSpeedupsAndVerdicts() throws IOException {
    // given
    Path json = directory.resolve("out/found.json");
    Path report = directory.resolve("page/report.html");

    // when
    int exit =
        Samples.run(
            new AnalyzeRuns(),
            "--csv=" + runs(),
            "--baseline=natural",
            "--loss=wiki,code",
            "--unit=nats",
            "--json=" + json,
            "--report=" + report);

    // then
    assertThat(exit).isZero();
    JsonNode found = new ObjectMapper().readTree(json.toFile());
    assertThat(found.get("laws")).isNotEmpty();
    assertThat(found.get("speedup")).isNotEmpty();
    assertThat(found.get("refused")).isNotEmpty();
    assertThat(found.get("decision_accuracy")).isNotEmpty();
    assertThat(found.get("collapse"))
        .filteredOn(c -> c.get("mixture").asText().equals("textbook"))
        .hasSize(2)
        .allMatch(c -> c.get("verdict").asText().equals("higher_floor"));
    assertThat(found.get("losses")).allMatch(l -> l.get("bits_per_byte").isNull());
    assertThat(Files.readString(report)).contains("rephrased-33");
    assertThat(report.resolveSibling("results.json")).hasSameBinaryContentAs(json);
  }

  @Test
  void namesTheNextRuns() throws IOException {
    String[] args = {
      "--csv=" + runs(),
      "--baseline=natural",
      "--loss=wiki",
      "--unit=nats",
      "--next=rephrased-33,natural",
      "--next-tokens=320M"
    };
    Ran ran =
        Ran.of(
            new AnalyzeRuns(),
            Stream.concat(Stream.of(args), Stream.of("--next-params=1M", "--next-flops=4e15"))
                .toArray(String[]::new));
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "next runs, with 3.84e+15 FLOPs",
            "  rephrased-33 · 1M · 320M tokens · seed 2",
            "  natural · 1M · 320M tokens · seed 2");
    assertThat(Ran.of(new AnalyzeRuns(), args).err()).contains("--next-params: ");
  }

  @Test
  void refusalsAreNamed() throws IOException {
    // given mixtures that differ in all shares
    Path csv =
        Files.writeString(
            directory.resolve("three.csv"),
            "params,tokens,a,b,c,loss\n1e6,1e7,0.2,0.3,0.5,3.1\n1e6,1e7,0.5,0.1,0.4,3.2\n");

    Ran ran = Ran.of(new AnalyzeRuns(), "--csv=" + csv, "--shares=a,b,c", "--unit=nats");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("best shares: refused, no two mixtures differ only in the share of one corpus")
        .contains("FitMixture", "seed noise: refused");
  }

  @Test
  void controlCharactersOfAFileDoNotReachTheTerminalOrThePage() throws IOException {
    Path csv = runs();
    Files.writeString(csv, Files.readString(csv).replace("textbook", "text\u001b[31mbo\u0007ok"));
    Path report = directory.resolve("report.html");

    Ran ran =
        Ran.of(
            new AnalyzeRuns(),
            "--csv=" + csv,
            "--baseline=natural",
            "--loss=wiki",
            "--unit=nats",
            "--report=" + report);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("text\\u001b[31mbo\\u0007ok");
    assertThat(ran.out() + ran.err() + Files.readString(report))
        .doesNotContain("\u001b")
        .doesNotContain("\u0007");
  }

  @Test
  void mistakesAreReportedWithoutAnalysing() throws IOException {
    String csv = "--csv=" + runs();

    assertThat(Samples.run(new AnalyzeRuns(), csv, "--loss=wiki,nowhere")).isEqualTo(1);
    assertThat(Samples.run(new AnalyzeRuns(), csv, "--loss=wiki", "--baseline=none")).isEqualTo(1);
    assertThat(Samples.run(new AnalyzeRuns(), csv, "--unit=bits")).isEqualTo(2);
    assertThat(Samples.run(new AnalyzeRuns(), csv, "--human-tokens=tokens")).isEqualTo(2);
    assertThat(Samples.run(new AnalyzeRuns(), csv, "--where=tokens>many")).isEqualTo(2);
  }
}
