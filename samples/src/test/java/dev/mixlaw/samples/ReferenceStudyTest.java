package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.JsonLines;
import dev.mixlaw.samples.ReferenceChecks.Check;
import dev.mixlaw.samples.ReferenceChecks.Verdict;
import dev.mixlaw.samples.corpora.ReferenceCorpora;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReferenceStudyTest {
  private static final List<String> CORPORA =
      List.of("human", "rephrased", "filtered-human", "natural", "textbooks", "questions", "other");
  private static final List<String> DOMAINS =
      List.of("web", "news", "textbook_llama31", "qa_llama31", "pairs_rephrased");

  @TempDir Path directory;

  /** A mixture whose losses exceed those of the baseline by a known amount. */
  private record Known(String name, String base, String added, double share, double worse) {}

  private static final Map<String, List<Known>> STUDIES =
      new TreeMap<>(
          Map.of(
              ReferenceDesign.PAIRED,
              List.of(
                  new Known("human", "human", "human", 1, 0),
                  new Known("rephrased-33", "human", "rephrased", 0.33, 0.02),
                  new Known("rephrased-100", "human", "rephrased", 1, 0.3),
                  new Known("filtered-human-33", "human", "filtered-human", 0.33, 0)),
              ReferenceDesign.STYLES,
              List.of(
                  new Known("natural", "natural", "natural", 1, 0),
                  new Known("textbooks-10", "natural", "textbooks", 0.1, 0.2),
                  new Known("textbooks-100", "natural", "textbooks", 1, 1),
                  new Known("questions-33", "natural", "questions", 0.33, 0.1),
                  new Known("filtered-100", "natural", "other", 1, 0)),
              ReferenceDesign.GENERATORS,
              List.of(
                  new Known("a-GPT-3-Turbo-33", "human", "other", 0.33, 0),
                  new Known("a-GPT-4o-33", "human", "other", 0.33, 0),
                  new Known("b-Llama-3-70B-33", "human", "other", 0.33, 0),
                  new Known("b-GPT-4o-33", "human", "other", 0.33, 0))));

  /**
   * Writes losses that follow a law over tokens. Textbooks are worse by an amount that halves from
   * the smallest to the largest budget.
   */
  private Path losses() throws IOException {
    Random noise = new Random(5);
    List<String> rows = new ArrayList<>();
    rows.add(
        "study,mixture,model,seed,params,tokens,"
            + CORPORA.stream().map(c -> "share_" + c).collect(joining(","))
            + ",natural_mean,"
            + String.join(",", DOMAINS));
    List<String> words = new ArrayList<>();
    STUDIES.forEach(
        (study, mixtures) -> {
          for (Known m : mixtures) {
            for (int seed = 0; seed < 3; seed++) {
              for (long d = 125_000; d <= 2_000_000; d *= 2) {
                double narrowing = 0.5 + 0.5 * Math.log(2e6 / d) / Math.log(16);
                double loss = 2 + 95 * Math.pow(d, -0.33) + m.worse() * narrowing;
                double ofRun = loss + 0.004 * noise.nextGaussian();
                rows.add(
                    Stream.of(
                            Stream.of(study, m.name(), "100k", seed, 100_672, d),
                            CORPORA.stream().map(c -> share(m, c)),
                            Stream.of(text(ofRun + 0.15)), // of the first two domains
                            IntStream.range(0, DOMAINS.size()).mapToObj(i -> text(ofRun + 0.3 * i)))
                        .flatMap(cells -> cells)
                        .map(Object::toString)
                        .collect(joining(",")));
              }
            }
            for (String domain : DOMAINS) {
              String values = "," + text(noise.nextDouble());
              words.add(study + "," + m.name() + "," + domain + values.repeat(6));
            }
          }
        });
    Files.write(directory.resolve("words.csv"), words);
    return Files.write(directory.resolve("losses.csv"), rows);
  }

  private static double share(Known mixture, String corpus) {
    return (corpus.equals(mixture.added()) ? mixture.share() : 0)
        + (corpus.equals(mixture.base()) ? 1 - mixture.share() : 0);
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  @Test
  void decidesFindingsThatAreKnown() throws IOException {
    // given
    Path report = directory.resolve("page/report.html");
    Path json = directory.resolve("findings.json");

    // when
    Ran ran =
        Ran.of(
            new ReferenceStudy(),
            "--lab=" + directory.resolve("lab"),
            "--losses=" + losses(),
            "--report=" + report,
            "--json=" + json);

    // then
    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode document = new ObjectMapper().readTree(json.toFile());
    Map<Integer, JsonNode> findings = new TreeMap<>();
    document.get("findings").forEach(f -> findings.put(f.get("number").asInt(), f));
    assertThat(findings.keySet()).containsExactly(1, 2, 3, 4, 5, 6, 7);
    assertThat(findings.get(1).get("verdict").asText()).isEqualTo("supported");
    assertThat(findings.get(1).get("estimate").asDouble()).isCloseTo(0.15, within(0.02));
    assertThat(findings.get(1).get("low").asDouble()).isBetween(0.1, 0.15);
    assertThat(findings.get(1).get("high").asDouble()).isBetween(0.15, 0.2);
    assertThat(findings.get(2).get("verdict").asText()).isEqualTo("contradicted");
    assertThat(findings.get(2).get("high").asDouble()).isLessThan(1.5);
    assertThat(findings.get(3).get("verdict").asText()).isEqualTo("supported");
    assertThat(findings.get(3).get("checks").get(2).get("estimate").asDouble())
        .isCloseTo(0.5, within(0.03));
    assertThat(findings.get(4).get("verdict").asText()).isEqualTo("contradicted");
    assertThat(findings.get(5).get("verdict").asText()).isEqualTo("equivalent");
    assertThat(findings.get(7).get("verdict").asText()).isEqualTo("undecided");
    assertThat(findings.get(7).get("scale").asText()).isEqualTo("101k parameters, 2M tokens");
    assertThat(findings.get(1).get("checks").get(0).get("brief").asText())
        .endsWith("; higher on 2 of 2 domains");
    assertThat(findings.get(7).get("checks").get(0).get("measured").asText())
        .contains("; of divergence ", "; of words seen ");
    assertThat(document.get("fine_phrase")).hasSize(2);
    assertThat(document.get("predictions")).hasSize(9);
    assertThat(document.get("predictions"))
        .allSatisfy(p -> assertThat(p.get("relative_error").asDouble()).isBetween(-0.01, 0.01));
    List<String> sentences = ran.out().lines().filter(l -> l.matches("[1-7]\\. .*")).toList();
    assertThat(sentences).hasSize(7);
    assertThat(Files.readString(report))
        .contains("1. Rephrased text alone is no faster: supported (loss +0.1");
  }

  @Test
  void combinesTheVerdictsOfChecks() {
    assertThat(List.of(Verdict.above(0, interval(0.1, 0.3)), Verdict.above(0, interval(-0.1, 0.3))))
        .containsExactly(Verdict.SUPPORTED, Verdict.UNDECIDED);
    assertThat(Verdict.above(5, interval(0.1, 4.9))).isEqualTo(Verdict.CONTRADICTED);
    assertThat(of(Verdict.SUPPORTED, Verdict.SUPPORTED)).isEqualTo(Verdict.SUPPORTED);
    assertThat(of(Verdict.SUPPORTED, Verdict.EQUIVALENT)).isEqualTo(Verdict.EQUIVALENT);
    assertThat(of(Verdict.EQUIVALENT, Verdict.UNDECIDED)).isEqualTo(Verdict.UNDECIDED);
    assertThat(of(Verdict.UNDECIDED, Verdict.CONTRADICTED)).isEqualTo(Verdict.CONTRADICTED);
    Estimate difference = ReferenceChecks.minus(Estimate.of(3, 2.7, 3.4), Estimate.of(2, 1.7, 2.4));
    assertThat(difference.value()).isEqualTo(1);
    assertThat(difference.interval().low()).isCloseTo(0.5, within(1e-9)); // 1 - hypot(.3, .4)
    assertThat(difference.interval().high()).isCloseTo(1.5, within(1e-9));
  }

  private static Interval interval(double low, double high) {
    return new Interval(low, high);
  }

  private static Verdict of(Verdict... verdicts) {
    return Verdict.of(
        Stream.of(verdicts).map(v -> new Check(v, null, null, null, "brief", "measured")).toList());
  }

  @Test
  void writesTheLossesThatItReads() throws IOException {
    // given
    ReferenceLosses first = ReferenceLosses.open(losses());
    String[] domains = DOMAINS.toArray(String[]::new);
    Findings paired = first.findings(ReferenceDesign.PAIRED, domains);
    Path copy = directory.resolve("copy/losses.csv");

    // when
    ReferenceLosses.write(List.of(paired), copy);

    // then
    ReferenceLosses again = ReferenceLosses.open(copy);
    assertThat(again.studies()).containsExactly(ReferenceDesign.PAIRED);
    assertThat(paired.provenance().mixtures())
        .isEqualTo(again.findings(ReferenceDesign.PAIRED).provenance().mixtures());
    assertThat(again.findings(ReferenceDesign.PAIRED, domains).means()).isEqualTo(paired.means());
    assertThat(again.findings(ReferenceDesign.PAIRED).means())
        .isEqualTo(first.findings(ReferenceDesign.PAIRED).means());
  }

  @Test
  void trainsEveryFindingWithSmallModelsFirst() throws IOException {
    // given
    ReferenceCorpora texts = ReferenceCorpora.read(corpora(), directory.resolve("work"));

    // when
    ReferenceDesign design = new ReferenceDesign(texts);
    List<List<Study>> stages = design.stages();

    // then
    assertThat(stages.stream().flatMap(List::stream).flatMap(s -> s.problems().stream())).isEmpty();
    assertThat(stages.get(0))
        .hasSize(3)
        .allSatisfy(
            study ->
                assertThat(study.runs())
                    .allMatch(run -> run.model().equals("100k") && run.seed() < 2)
                    .extracting(RunKey::mixture)
                    .contains(study.mixtures().stream().map(Mixture::name).toArray(String[]::new)));
    assertThat(stages.get(3).get(1).runs()).containsAll(stages.get(2).get(1).runs());
    Map<String, Integer> runs = new TreeMap<>();
    design.all().forEach(study -> runs.put(study.name(), study.runs().size()));
    assertThat(runs) // as in the plan, with 20 and 25 runs of the models that were added to it
        .containsEntry("reference-paired", 310)
        .containsEntry("reference-styles", 425)
        .containsEntry("reference-generators", 96)
        .containsEntry("reference-paired-rate-0.33", 40)
        .containsEntry("reference-styles-rate-3.00", 50)
        .hasSize(7);
  }

  @Test
  void namesOfStudiesAndMixturesDoNotDependOnTheLocale() throws IOException {
    ReferenceCorpora texts = ReferenceCorpora.read(corpora(), directory.resolve("work"));
    List<Study> expected = new ReferenceDesign(texts).all();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);

      assertThat(new ReferenceDesign(texts).all())
          .extracting(Study::name)
          .isEqualTo(expected.stream().map(Study::name).toList());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void bothSidesOfThePairsHaveTheSameDocuments() throws IOException {
    ReferenceCorpora texts = ReferenceCorpora.read(corpora(), directory.resolve("work"));

    assertThat(texts(texts.human()))
        .containsExactly("by a person 1", "by a person 2", "by a person 3", "by a person 4");
    assertThat(texts(texts.rephrased()))
        .containsExactly("by GPT-4o", "by GPT-4o", "by GPT-4o", "by GPT-3-Turbo");
    assertThat(texts.generators().get(1).stream().map(ReferenceStudyTest::texts))
        .containsExactly(List.of("by Llama-3-70B"), List.of("by GPT-4o"));
    assertThat(texts.domains().listed())
        .extracting(Corpus::name)
        .containsExactly("web", "textbook_llama31", "qa_llama31", "pairs_human", "pairs_rephrased");
  }

  @Test
  void theShippedLossesAreComplete() throws IOException {
    Path csv = Path.of("reference/losses.csv");
    ReferenceLosses shipped = ReferenceLosses.open(csv);

    assertThat(Files.size(csv)).isLessThan(1_000_000);
    assertThat(shipped.studies())
        .contains(ReferenceDesign.PAIRED, ReferenceDesign.STYLES, ReferenceDesign.GENERATORS);
    assertThat(shipped.columns()).hasSizeGreaterThan(30).containsAll(ReferenceLosses.STYLE_DOMAINS);
    assertThat(shipped.rows().stream().map(row -> row.get("mixture")))
        .containsAll(Set.of("natural", "textbooks-100", "questions-33", "filtered-100"));
  }

  private static List<String> texts(Corpus corpus) {
    List<String> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(document -> all.add(document.text()));
    }
    return all;
  }

  /** Writes corpora in which GPT-4o rephrased most texts. */
  private Path corpora() throws IOException {
    Path corpora = directory.resolve("corpora");
    for (String split : List.of("train", "valid")) {
      for (String name :
          List.of("natural/%s/web", "synthetic/%s/textbook_llama31", "synthetic/%s/qa_llama31")) {
        JsonLines.write(
            corpora.resolve(name.formatted(split) + ".jsonl"),
            () -> DocumentStream.of(List.of(new Document("a", "A " + name + " in " + split))));
      }
      Path pairs = corpora.resolve("pairs/" + split + "/pairs.jsonl");
      Files.createDirectories(pairs.getParent());
      Files.write(
          pairs,
          List.of(
              pair(1, "GPT-4o", "GPT-3-Turbo", "dipper"),
              pair(2, "GPT-4o"),
              pair(3, "GPT-4o", "Llama-3-70B"),
              pair(4, "GPT-3-Turbo"),
              pair(5, "dipper")));
    }
    return corpora;
  }

  private static String pair(int id, String... models) {
    return Stream.of(models)
        .map(model -> "\"rephrase/%s\": \"by %s\"".formatted(model, model))
        .collect(
            joining(
                ", ",
                "{\"id\": %d, \"text\": \"by a person %d\", \"synthetic\": {".formatted(id, id),
                "}}"));
  }
}
