package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FitMixtureTest {
  @TempDir Path directory;
  private Path shares = Path.of("");
  private Path losses = Path.of("");

  /**
   * Writes sixty runs of three sources. The loss on news is lowest at a web share of 0.5, that on
   * scripts at 0.2.
   */
  @BeforeEach
  void writeTables() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    List<String> mixtures = new ArrayList<>(List.of("run,web,hq,code"));
    List<String> measured = new ArrayList<>(List.of("run,news,scripts,name"));
    for (int i = 0; i < 60; i++) {
      double web = random.nextDouble();
      double hq = (1 - web) * random.nextDouble();
      double news = 2 + bowl(web - 0.5, hq - 0.3);
      double scripts = 2 + bowl(web - 0.2, hq - 0.2);
      mixtures.add(String.format(Locale.ROOT, "r%d,%.4f,%.4f,%.4f", i, web, hq, 1 - web - hq));
      measured.add(
          1, // in reverse order: rows are joined by name
          String.format(
              Locale.ROOT, "r%d,%.5f,%.5f,x", i, news + 1e-3 * random.nextGaussian(), scripts));
    }
    shares = Files.write(directory.resolve("shares.csv"), mixtures);
    losses = Files.write(directory.resolve("losses.csv"), measured);
  }

  private static double bowl(double x, double y) {
    return x * x + y * y;
  }

  private Ran run(String... args) throws IOException {
    return Ran.writing(
        directory.resolve("fit.json"),
        new FitMixture(),
        Stream.concat(
                Stream.of("--shares", shares.toString(), "--losses", losses.toString()),
                Arrays.stream(args))
            .toArray(String[]::new));
  }

  @Test
  void aLineIsFittedAndItsProposalIsComparedWithTheBaselines() throws IOException {
    Ran ran = run("--target", "news", "--model", "linear", "--natural", "web=0.9,hq=0.1");

    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode json = ran.json();
    assertThat(json.get("form").asText()).isEqualTo("linear");
    assertThat(json.get("model").asText()).isEqualTo("linear");
    assertThat(json.get("n").asInt()).isEqualTo(60);
    assertThat(json.get("measured_on").asText()).isEqualTo("5 folds of the fitted runs");
    assertThat(json.get("spearman").asDouble()).isBetween(-1.0, 1.0);
    assertThat(json.get("mean_relative_error").asDouble()).isPositive();
    assertThat(json.get("fit_seconds").asDouble()).isPositive();
    JsonNode weight = json.at("/parameters/w_web");
    assertThat(weight.get("value").asDouble())
        .isBetween(weight.get("low").asDouble(), weight.get("high").asDouble());
    assertThat(json.at("/proposal/baselines/natural/shares/web").asDouble()).isEqualTo(0.9);
    assertThat(json.at("/proposal/baselines/uniform/loss/value").asDouble()).isPositive();
    assertThat(ran.out()).contains("compared with natural", "compared with uniform", "Spearman");
  }

  @Test
  void treesFindTheMinimumWithinTheLimits() throws IOException {
    Ran ran =
        run(
            "--target",
            "news",
            "--trees",
            "60",
            "--learning-rate",
            "0.1",
            "--budget",
            "10B",
            "--unique",
            "web=500M",
            "--epochs",
            "4");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().at("/spearman").asDouble()).isGreaterThan(0.8);
    assertThat(ran.json().at("/proposal/shares/web/value").asDouble()).isBetween(0.3, 0.7);
    JsonNode limited = ran.json().at("/proposal_within_repeats/shares/web");
    assertThat(limited.get("value").asDouble()).isLessThanOrEqualTo(0.2 + 1e-9);
    assertThat(limited.at("/allowed/high").asDouble()).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void anAverageOfColumnsHasAProposalOfItsOwn() throws IOException {
    Ran ran = run("--target", "news", "--model", "mixing", "--average", "news=1,scripts=1");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().at("/proposal/target").asText()).isEqualTo("0.50 news + 0.50 scripts");
  }

  @Test
  void severalTargetsAreFittedOneByOneFromOneTable() throws IOException {
    Ran alone = run("--target", "scripts", "--model", "linear");
    List<String> both = new ArrayList<>();
    List<String> measured = Files.readAllLines(losses);
    for (String line : Files.readAllLines(shares)) {
      String name = line.substring(0, line.indexOf(',') + 1);
      both.add(
          line + "," + measured.stream().filter(m -> m.startsWith(name)).findAny().orElseThrow());
    }
    both.set(0, "run,web,hq,code,again,news,a/b,name");
    shares = Files.write(directory.resolve("both.csv"), both);

    Ran ran =
        Ran.writing(
            directory.resolve("fit.json"),
            new FitMixture(),
            "--shares",
            shares.toString(),
            "--sources",
            "web,hq,code",
            "--model",
            "linear",
            "--target",
            "news,a/b");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("news of 60 runs", "a/b of 60 runs");
    assertThat(directory.resolve("fit-news.json")).content().contains("\"news\"");
    JsonNode second = new ObjectMapper().readTree(directory.resolve("fit-a_b.json").toFile());
    assertThat(second.get("parameters")).isEqualTo(alone.json().get("parameters"));
    assertThat(second.get("spearman")).isEqualTo(alone.json().get("spearman"));
  }

  @Test
  void runsKeptApartMeasureTheModel() throws IOException {
    Path apart =
        Files.write(
            directory.resolve("apart.csv"),
            List.of("run,code,hq,web", "a,0.2,0.3,0.5", "b,0,0,1", "c,1,0,0", "d,0.3,0.4,0.3"));
    Path measured =
        Files.write(
            directory.resolve("measured.csv"),
            List.of("run,news", "a,1.0", "b,1.4", "c,1.5", "d,1.1"));

    Ran ran =
        run(
            "--target",
            "news",
            "--trees",
            "60",
            "--learning-rate",
            "0.1",
            "--test-shares",
            apart.toString(),
            "--test-losses",
            measured.toString());

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().get("model").asText()).isEqualTo("boosting");
    assertThat(ran.json().get("measured_on").asText()).isEqualTo("4 held-out runs");
    assertThat(ran.json().get("spearman").asDouble()).isGreaterThanOrEqualTo(0.8);
  }

  @Test
  void allMistakesAreReportedAtOnceWithoutAStackTrace() throws IOException {
    Ran ran =
        run(
            "--target",
            "news",
            "--model",
            "forest",
            "--trees",
            "0",
            "--bootstrap",
            "5",
            "--budget",
            "much",
            "--test-shares",
            shares.toString());

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err())
        .contains(
            "forest", "linear, boosting", "--bootstrap: 5", "--test-losses", "much", "0 trees")
        .doesNotContain("\tat ");

    Ran missing = run("--target", "nwes");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).contains("column nwes", "[run, news, scripts, name]");

    Ran strange = run("--target", "news", "--model", "linear", "--natural", "books=1");
    assertThat(strange.code()).isEqualTo(2);
    assertThat(strange.err()).contains("no source books", "[web, hq, code]");
  }

  @Test
  void sourcesAndRowsCanBeChosen() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(shares)) {
      lines.add(line + (lines.isEmpty() ? ",steps" : lines.size() <= 40 ? ",1000" : ",500"));
    }
    Files.write(shares, lines);

    Ran ran = run("--target", "news", "--model", "linear");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .contains("column steps (share of a source): 1000.0 in shares.csv:2", "name the sources");

    Ran some =
        run(
            "--target",
            "news",
            "--model",
            "linear",
            "--sources",
            "web,hq,code",
            "--where",
            "steps=1000");
    assertThat(some.code()).as(some.err()).isZero();
    assertThat(some.out()).contains("news of 40 runs over 3 sources");
  }

  @Test
  void tooFewDataForTheModelAreRefused() throws IOException {
    losses =
        Files.write(
            directory.resolve("one.csv"),
            Stream.concat(
                    Stream.of("run,news"),
                    Files.readAllLines(shares).stream().skip(1).map(l -> l.split(",")[0] + ",3"))
                .toList());

    Ran ran = run("--target", "news", "--model", "linear");

    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("the same loss on news (3.0");
    assertThat(ran.json().get("status").asText()).isEqualTo("refused");
    assertThat(ran.json().get("reason").asText()).contains("same loss");
  }

  @Test
  void regMixIsRankedAsPublished() throws IOException {
    Path regmix = SharedFiles.find("data/laws/regmix/train_mixture_1m.csv").getParent();
    shares = regmix.resolve("train_mixture_1m.csv");
    losses = regmix.resolve("train_pile_loss_1m.csv");

    Ran ran =
        run(
            "--target",
            "metric/the_pile_pile_cc_val_loss",
            "--model",
            "linear",
            "--test-shares",
            regmix.resolve("test_mixture_60m.csv").toString(),
            "--test-losses",
            regmix.resolve("test_pile_loss_60m.csv").toString());

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.json().get("spearman").asDouble()).isCloseTo(0.893, within(0.003));
  }
}
