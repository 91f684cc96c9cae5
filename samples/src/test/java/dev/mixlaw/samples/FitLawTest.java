package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Parameter;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FitLawTest {
  @TempDir Path directory;

  private Ran run(String... args) throws IOException {
    return Ran.writing(directory.resolve("out/fit.json"), new FitLaw(), args);
  }

  private String csv(String text) throws IOException {
    return Files.writeString(directory.resolve("losses.csv"), text).toString();
  }

  private static String shared(String name) {
    return SharedFiles.find("data/laws/" + name).toString();
  }

  @Test
  void chinchillaWithoutTheFiveHighestLosses() throws IOException {
    // given the rows and results of Besiroglu et al. 2024, "Chinchilla Scaling: A replication
    // attempt"
    String csv = shared("chinchilla.csv");
    // when
    Ran ran =
        run(
            "--csv",
            csv,
            "--form",
            "chinchilla",
            "--loss",
            "loss",
            "--drop-highest",
            "5",
            "--bootstrap",
            "4000",
            "--unit",
            "nats");
    // then
    assertThat(ran.code()).isZero();
    assertThat(ran.json().get("objective").doubleValue()).isCloseTo(.0010182740, within(5e-11));
    assertThat(ran.value("A")).isCloseTo(477.83, within(.005));
    assertThat(ran.value("B")).isCloseTo(2143.4, within(.05));
    assertThat(ran.value("E")).isCloseTo(1.8172, within(5e-5));
    assertThat(ran.value("alpha")).isCloseTo(.3473, within(5e-5));
    assertThat(ran.value("beta")).isCloseTo(.3672, within(5e-5));
    assertThat(ran.low("E")).isCloseTo(1.769, within(.005));
    assertThat(ran.high("E")).isCloseTo(1.871, within(.005));
    assertThat(ran.low("beta")).isCloseTo(.331, within(.005));
    assertThat(ran.high("beta")).isCloseTo(.415, within(.005));
    assertThat(ran.json().get("n").intValue()).isEqualTo(240);
    assertThat(ran.json().get("status").asText()).isEqualTo("converged");
    assertThat(ran.json().get("fit_seconds").doubleValue()).isPositive();
    assertThat(ran.json().get("held_out").isNull()).isTrue();
  }

  @Test
  void rowInfluencesThatAreNotComputedAreReported() throws IOException {
    StringBuilder rows = new StringBuilder("tokens,loss\n");
    for (int i = 0; i < 2001; i++) {
      double d = 1e6 * Math.pow(1.003, i);
      rows.append((long) d).append(',').append(2 + 300 * Math.pow(d, -.35)).append('\n');
    }

    Ran ran = run("--csv", csv(rows.toString()), "--form", "data", "--bootstrap", "100");

    assertThat(ran.code()).isZero();
    assertThat(ran.json().get("warnings").toString())
        .contains("the influence of individual rows is not computed for more than 2000 rows");
  }

  @Test
  void runsOfCheckpointsWeightsAndTheBestSizeForAComputeBudgetAreOptions() throws IOException {
    StringBuilder rows = new StringBuilder("run,seeds,params,tokens,loss\n");
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 6; j++) {
        double n = 1e7 * Math.pow(5, i);
        double d = 1e9 * Math.pow(4, j);
        double error = 1e-3 * Math.sin(7 * i) + 3e-4 * Math.sin(5 * i * i + 3 * j);
        double loss = (1.8 + 480 * Math.pow(n, -.35) + 2000 * Math.pow(d, -.37)) * (1 + error);
        rows.append("r" + i + "," + (1 + i % 2) + "," + n + "," + d + "," + loss + "\n");
      }
    }
    rows.append("r9,1,1e7,1e9,\n");

    Ran ran =
        run(
            "--csv",
            csv(rows.toString()),
            "--form",
            "chinchilla",
            "--cluster",
            "run",
            "--weight",
            "seeds",
            "--skip-empty",
            "--delta",
            "0.01",
            "--threads",
            "2",
            "--bootstrap",
            "100",
            "--flops",
            "1e20,1e21");

    assertThat(ran.code()).isZero();
    assertThat(ran.json().get("resampling").asText()).isEqualTo("parametric");
    assertThat(ran.json().get("optima")).hasSize(2);
    double size = ran.json().at("/optima/1/params/value").doubleValue();
    assertThat(size * ran.json().at("/optima/1/tokens/value").doubleValue())
        .isCloseTo(1e21 / 6, within(1e15));
    assertThat(ran.json().at("/optima/1/params_exponent/value").doubleValue())
        .isCloseTo(.37 / .72, within(.05));
    assertThat(ran.warnings())
        .anyMatch(w -> w.contains("1 row"))
        .noneMatch(w -> w.contains("checkpoints of one run"));
  }

  @Test
  void theEffectOfFiveOutliersOnChinchillaIsReported() throws IOException {
    Ran ran = run("--csv", shared("chinchilla.csv"), "--form", "chinchilla", "--bootstrap", "300");
    assertThat(ran.value("beta")).isCloseTo(.453, within(5e-4));
    assertThat(ran.json().at("/outliers/rows")).hasSize(5);
    assertThat(ran.json().at("/outliers/parameters_without/beta").doubleValue())
        .isCloseTo(.3672, within(.01));
    assertThat(ran.warnings())
        .anyMatch(w -> w.contains("unit of loss is not given; nats per token"))
        .anyMatch(w -> w.contains("without outliers") && w.contains("beta 0.37"));
  }

  @Test
  void overtrainingPredictsTwoLargeRunsFromFiveSmallOnes() throws IOException {
    // given the rows and results of Gadre et al. 2024, "Language models scale reliably with
    // over-training and on downstream tasks"
    Path plot = directory.resolve("law.svg");
    // when
    Ran ran =
        run(
            "--csv",
            shared("overtraining.csv"),
            "--form",
            "overtraining",
            "--loss",
            "loss_c4_val",
            "--params",
            "params",
            "--tokens",
            "tokens",
            "--unit",
            "nats",
            "--objective",
            "least-squares",
            "--where",
            "train_corpus=rpj",
            "--where",
            "run=rpj-d=96_l=8_h=4-1.0|rpj-d=512_l=8_h=4-1.0|rpj-d=576_l=24_h=8-1.0"
                + "|rpj-d=1024_l=24_h=8-1.0|rpj-d=96_l=8_h=4-16.0|rpj-open_lm_1b-32.0"
                + "|rpj-open_lm_7b-1.0",
            "--hold-out",
            "tokens>1e11",
            "--bootstrap",
            "400",
            "--plot",
            plot.toString());
    // then
    assertThat(ran.value("E")).isCloseTo(1.837, within(5e-4));
    assertThat(ran.value("a")).isCloseTo(212.2, within(.05));
    assertThat(ran.value("b")).isCloseTo(366.7, within(.05));
    assertThat(ran.value("eta")).isCloseTo(.1364, within(5e-5));
    assertThat(ran.json().get("n").intValue()).isEqualTo(5);
    assertThat(ran.json().at("/held_out/rows/0/relative_error").doubleValue())
        .isCloseTo(.007103, within(5e-7));
    assertThat(ran.json().at("/held_out/rows/1/relative_error").doubleValue())
        .isCloseTo(.007320, within(5e-7));
    assertThat(ran.json().at("/held_out/mean_relative_error").doubleValue())
        .isCloseTo((.007103 + .007320) / 2, within(1e-6));
    assertThat(ran.json().at("/held_out/last_value_mean_relative_error").doubleValue())
        .isGreaterThan(.1);
    assertThat(ran.json().at("/held_out/ranking/accuracy").doubleValue()).isEqualTo(1);
    assertThat(plot).content(StandardCharsets.UTF_8).startsWith("<svg").contains("</svg>");
  }

  @Test
  void dataConstrainedFindsTheLowerMinimumAndIsWeaklyIdentified() throws IOException {
    // given the law of Muennighoff et al. 2023, which states A, B and E by their logarithms
    Ran ran =
        run(
            "--csv",
            shared("data_constrained.csv"),
            "--form",
            "data-constrained",
            "--unit",
            "nats",
            "--fixed",
            "a=6.255414,b=7.3049974,e=.6254804,alpha=.3526596,beta=.3526596",
            "--bootstrap",
            "200");
    assertThat(ran.json().get("objective").doubleValue()).isCloseTo(.0158047, within(5e-8));
    assertThat(ran.value("RD")).isCloseTo(95.4, within(1.));
    assertThat(ran.value("RN")).isCloseTo(1.71, within(.02));
    assertThat(ran.json().get("status").asText()).isEqualTo("weakly_identified");
    assertThat(ran.json().get("other_minima"))
        .anySatisfy(
            m -> {
              assertThat(m.at("/parameters/RD").doubleValue()).isCloseTo(15.387756, within(.02));
              assertThat(m.at("/parameters/RN").doubleValue()).isCloseTo(5.309743, within(.006));
              assertThat(m.get("objective").doubleValue()).isCloseTo(.0158259, within(5e-8));
              assertThat(m.get("r2").doubleValue()).isCloseTo(.77220, within(2e-5));
            });
  }

  /** A law form with true parameters, and the options with which a user fits it. */
  private record Case(LawForm form, double[] parameters, String... args) {
    @Override
    public String toString() {
      return form.id();
    }
  }

  static Stream<Case> forms() {
    List<String> both = List.of("web", "code");
    String fixed = "E=1.8,A=480,B=2000,alpha=.35,beta=.37";
    return Stream.of(
        new Case(LawForms.DATA, new double[] {1.8, 2000, .37}),
        new Case(LawForms.MODEL, new double[] {1.8, 480, .35}),
        new Case(LawForms.CHINCHILLA, new double[] {1.8, 480, 2000, .35, .37}),
        new Case(LawForms.KAPLAN, new double[] {8e13, 5e13, .08, .1}),
        new Case(LawForms.OVERTRAINING, new double[] {1.8, 210, 360, .136}),
        new Case(
            LawForms.OVERTRAINING_BY_COMPUTE,
            new double[] {1.8, 210, 360, .136},
            "--compute",
            "flops",
            "--multiplier",
            "ratio"),
        new Case(
            LawForms.DATA_CONSTRAINED,
            new double[] {1.8, 480, 2000, .35, .37, 15, 5},
            "--fixed",
            fixed),
        new Case(LawForms.RECTIFIED, new double[] {1.8, 3000, 900, .4}),
        new Case(
            LawForms.ADDED_SYNTHETIC,
            new double[] {1.8, 480, 2000, .35, .37, .5, 2, .2, .1, .2, .1},
            "--human-tokens",
            "tokens",
            "--synthetic-tokens",
            "added"),
        new Case(LawForms.mixing(both), new double[] {2, 1, -.8}, "--shares", "web,code"),
        new Case(
            LawForms.mixtureAdditive(both),
            LawForms.mixtureAdditive(both).parameters().stream()
                .mapToDouble(FitLawTest::plausible)
                .toArray(),
            "--shares",
            "web,code"),
        new Case(
            LawForms.mixtureJoint(both),
            LawForms.mixtureJoint(both).parameters().stream()
                .mapToDouble(FitLawTest::plausible)
                .toArray(),
            "--shares",
            "web,code"),
        new Case(LawForms.biMix("web"), new double[] {300, 2, .3, .05}, "--shares", "web"));
  }

  private static double plausible(Parameter p) {
    return switch (p.name()) {
      case "E" -> 1.8;
      case "A" -> 480;
      case "B" -> 2000;
      case "alpha" -> .35;
      case "beta" -> .37;
      default -> p.name().startsWith("gamma") ? .6 : .8;
    };
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyFormIsReachedByItsId(Case c) throws IOException {
    // given losses of the form on a grid of all inputs
    StringBuilder text =
        new StringBuilder("params,tokens,unique_tokens,added,flops,ratio,web,code,loss\n");
    double[][] axes = axes(c.form());
    for (double n : axes[0]) {
      for (double d : axes[1]) {
        for (double part : axes[2]) {
          double u = Math.max(1e6, d * (.1 + part));
          double[] at =
              c.form().inputs().stream()
                  .mapToDouble(
                      in ->
                          switch (in.name()) {
                            case "N" -> n;
                            case "D", "D_human" -> d;
                            case "U" -> Math.min(d, u);
                            case "D_synthetic" -> 6 * part * part * d;
                            case "C" -> 6 * n * d;
                            case "M" -> d / n;
                            case "share_web" -> part;
                            default -> 1 - part;
                          })
                  .toArray();
          text.append(
              String.join(
                      ",",
                      Stream.of(
                              n,
                              d,
                              Math.min(d, u),
                              6 * part * part * d,
                              6 * n * d,
                              d / n,
                              part,
                              1 - part,
                              c.form().loss(c.parameters(), at))
                          .map(String::valueOf)
                          .toList())
                  + "\n");
        }
      }
    }
    List<String> args =
        new ArrayList<>(
            List.of(
                "--csv",
                csv(text.toString()),
                "--form",
                c.form().id(),
                "--bootstrap",
                "100",
                "--unit",
                "bpb"));
    Path plot = directory.resolve("law.svg");
    args.addAll(List.of("--plot", plot.toString()));
    args.addAll(Arrays.asList(c.args()));
    // when
    Ran ran = run(args.toArray(String[]::new));
    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().get("form").asText()).isEqualTo(c.form().id());
    assertThat(ran.json().get("r2").doubleValue()).isGreaterThan(1 - 1e-6);
    assertThat(plot).content(StandardCharsets.UTF_8).contains("</svg>").doesNotContain("NaN");
    for (Parameter p : c.form().parameters()) {
      assertThat(ran.value(p.name())).as(p.name()).isFinite();
      assertThat(ran.low(p.name())).isLessThanOrEqualTo(ran.high(p.name()));
    }
  }

  /**
   * Returns the values of N, of D and of a share on the grid. An input that the form does not have
   * gets a single value.
   */
  private static double[][] axes(LawForm form) {
    List<String> inputs = form.inputs().stream().map(in -> in.name()).toList();
    boolean sizes = inputs.contains("N") || inputs.contains("C");
    boolean tokens = sizes && !form.id().equals("model") || inputs.contains("D");
    boolean parts =
        inputs.stream().anyMatch(i -> i.startsWith("share_") || i.equals("U"))
            || inputs.contains("D_synthetic");
    return new double[][] {
      sizes ? new double[] {1e6, 5e6, 2e7, 1e8, 4e8, 2e9} : new double[] {1e7},
      tokens ? new double[] {1e7, 4e7, 2e8, 1e9, 5e9, 2e10} : new double[] {1e9},
      parts ? new double[] {.1, .25, .45, .7, .9} : new double[] {1}
    };
  }

  @Test
  void aTableFromASpreadsheetIsRead() throws IOException {
    // given a gzip file with a byte order mark, semicolons, quotes and decimal commas
    Path file = directory.resolve("losses.csv.gz");
    try (BufferedWriter writer =
        new BufferedWriter(
            new OutputStreamWriter(
                new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8))) {
      writer.write("\uFEFF\"tokens\";\"loss; nats\"\r\n");
      for (double d = 1e7; d < 2e10; d *= 4) {
        String loss = String.valueOf(1.8 + 2000 * Math.pow(d, -.37)).replace('.', ',');
        writer.write((long) d + ";\"" + loss + "\"\r\n");
      }
    }
    // when
    Ran ran =
        run(
            "--csv",
            file.toString(),
            "--form",
            "data",
            "--loss",
            "loss; nats",
            "--unit",
            "nats",
            "--decimal-comma",
            "--bootstrap",
            "100");
    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.value("E")).isCloseTo(1.8, within(1e-6));
    assertThat(ran.warnings()).isEmpty();
  }

  @Test
  void oneRowThatBendsTheLawIsNamed() throws IOException {
    // given forty rows, of which the last has a loss that is 5 % too high
    StringBuilder text = new StringBuilder("tokens,loss\n");
    for (int i = 0; i < 40; i++) {
      double d = 1e7 * Math.pow(10, i / 13.);
      text.append(d).append(',').append((1.8 + 2000 * Math.pow(d, -.37)) * (i == 39 ? 1.05 : 1));
      text.append('\n');
    }
    // when
    Ran ran =
        run(
            "--csv",
            csv(text.toString()),
            "--form",
            "data",
            "--unit",
            "nats",
            "--objective",
            "least-squares");
    // then
    assertThat(ran.json().at("/influences/0/rows/0").asText()).isEqualTo("losses.csv:41");
    assertThat(ran.warnings()).anyMatch(w -> w.startsWith("losses.csv:41 alone moves E beyond"));
  }

  @Test
  void aLawOfTokensOverSeveralSizesIsWorthAWarning() throws IOException {
    StringBuilder text = new StringBuilder("n,tokens,loss\n");
    for (int i = 0; i < 12; i++) {
      double d = 1e7 * Math.pow(3, i / 2);
      text.append(i % 2 + 1).append("e6,").append(d).append(',');
      text.append(1.8 + i % 2 * .1 + 2000 * Math.pow(d, -.37)).append('\n');
    }
    Ran ran =
        run("--csv", csv(text.toString()), "--form", "data", "--params", "n", "--bootstrap", "100");
    assertThat(ran.warnings()).contains("data assumes a single value of N; the rows have 2 values");
  }

  @Test
  void aParameterStaysWithinItsBounds() throws IOException {
    // given a law whose E is 1.8
    StringBuilder text = new StringBuilder("tokens,loss\n");
    for (double d = 1e7; d < 1e11; d *= 5) {
      text.append(d).append(',').append(1.8 + 2000 * Math.pow(d, -.37)).append('\n');
    }
    Ran ran =
        run(
            "--csv",
            csv(text.toString()),
            "--form",
            "data",
            "--bounds",
            "E=1:1.7,beta=0.2:0.5",
            "--bootstrap",
            "100");
    assertThat(ran.value("E")).isEqualTo(1.7);
    assertThat(ran.warnings())
        .contains(
            "parameters at a bound of their allowed range: E = 1.700 (a larger value would fit"
                + " better)");
  }

  @Test
  void theLowestRowOfEachPointIsFittedAndErrorsAreShownBySize() throws IOException {
    // given losses at three learning rates for each point
    StringBuilder text = new StringBuilder("params,tokens,loss\n");
    for (double n = 1e7; n < 1e10; n *= 3) {
      for (double d = 1e8; d < 1e12; d *= 6) {
        for (double tuning : new double[] {.02, 0, .05}) {
          double loss = 1.8 + 480 * Math.pow(n, -.35) + 2000 * Math.pow(d, -.37) + tuning;
          text.append(n).append(',').append(d).append(',').append(loss).append('\n');
        }
      }
    }
    // when
    Ran ran =
        run(
            "--csv",
            csv(text.toString()),
            "--form",
            "chinchilla",
            "--lowest",
            "--hold-out",
            "tokens>1e11",
            "--bootstrap",
            "100");
    // then
    assertThat(ran.json().get("n").intValue()).isEqualTo(28);
    assertThat(ran.value("E")).isCloseTo(1.8, within(1e-4));
    assertThat(ran.out()).contains("N = 1.00e+07: mean relative error 0.000 %");
    assertThat(ran.warnings()).contains("the lowest losses at 42 points of 126 rows");
  }

  @Test
  void severalLossesAreFittedOneByOne() throws IOException {
    // given
    StringBuilder text = new StringBuilder("tokens,wiki,code\n");
    for (double d = 1e7; d < 1e11; d *= 3) {
      double power = 2000 * Math.pow(d, -.37);
      text.append(d).append(',').append(1.8 + power).append(',').append(.9 + power).append('\n');
    }
    // when
    Ran ran =
        run(
            "--csv",
            csv(text.toString()),
            "--form",
            "data",
            "--loss",
            "wiki,code",
            "--unit",
            "nats",
            "--bootstrap",
            "100");
    // then
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("wiki:").contains("code:").contains("0.900000");
    assertThat(directory.resolve("out/fit-wiki.json")).exists();
    assertThat(directory.resolve("out/fit-code.json")).content().contains("\"data\"");
  }

  @Test
  void aMillionRowsAreStreamed() throws IOException {
    // given
    Path file = directory.resolve("million.csv");
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      writer.write("run,tokens,loss\n");
      for (int i = 0; i < 1_000_000; i++) {
        double tokens = 1e6 * (i + 1);
        writer.write(i + "," + tokens + "," + (1.8 + 2000 * Math.pow(tokens, -.37)) + "\n");
      }
    }
    // when
    Ran ran =
        run("--csv", file.toString(), "--form", "data", "--where", "run<20", "--bootstrap", "100");
    // then
    assertThat(ran.json().get("n").intValue()).isEqualTo(20);
  }
}
