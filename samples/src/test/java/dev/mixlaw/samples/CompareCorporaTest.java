package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCorporaTest {
  @TempDir Path directory;

  private static Ran run(String... arguments) {
    return Ran.of(new CompareCorpora(), arguments);
  }

  private void write(String name, String... texts) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    ObjectMapper json = new ObjectMapper();
    StringBuilder lines = new StringBuilder();
    for (String text : texts) {
      lines.append(json.createObjectNode().put("text", text)).append('\n');
    }
    Files.writeString(file, lines);
  }

  @Test
  void comparesCorporaUnionsAndMixtures() throws IOException {
    write("natural/train/web.jsonl", "the cat sat on the mat", "a dog ran");
    write("natural/train/law.jsonl", "the court held that the party of the first part");
    write("synthetic/train/book.jsonl", "a cat is an animal", "a dog is an animal");
    write("natural/valid/pets.jsonl", "the dog sat", "the cat ran");
    Path json = directory.resolve("out/compared.json");
    Path report = directory.resolve("out/compared.html");

    Ran ran = run(directory.toString(), "--json", json.toString(), "--report", report.toString());

    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode compared = new ObjectMapper().readTree(json.toFile());
    JsonNode web = compared.at("/corpora/1"); // after law
    assertThat(web.get("name").asText()).isEqualTo("web");
    assertThat(web.get("bytes").asInt()).isEqualTo(31);
    assertThat(web.get("words").asInt()).isEqualTo(9);
    assertThat(web.get("types").asInt()).isEqualTo(8);
    assertThat(web.get("distinct_1").asDouble()).isEqualTo(8.0 / 9);
    assertThat(web.get("distinct_2").asDouble()).isEqualTo(1);
    assertThat(web.get("types_per_120k_words").isNull()).isTrue(); // it has nine words
    assertThat(compared.get("pairs").findValuesAsText("corpus"))
        .isEqualTo(List.of("law", "web", "book", "all natural", "everything", "book-33"));
    JsonNode law = compared.at("/pairs/0");
    assertThat(law.get("domain").asText()).isEqualTo("pets");
    assertThat(law.get("coverage_types").asDouble()).isEqualTo(0.2); // only "the", of 5 words
    assertThat(law.get("coverage_tokens").asDouble()).isCloseTo(2.0 / 6, within(1e-12));
    assertThat(law.get("kl").asDouble()).isGreaterThan(compared.at("/pairs/1/kl").asDouble());
    assertThat(law.get("js").asDouble()).isBetween(0.0, Math.log(2));
    assertThat(compared.get("near_copies")).hasSize(9);
    assertThat(compared.get("contamination")).hasSize(3);
    assertThat(compared.at("/pairs/5/kind").asText()).isEqualTo("mixture");
    assertThat(Files.readString(report))
        .contains("<svg", "all natural", "Coverage of types", "Contamination");
    assertThat(ran.out()).contains("The union with the best coverage of its worst domain is");
  }

  @Test
  void theFractionOfMalformedRecordsIsAnOption() throws IOException {
    write("natural/train/web.jsonl", "the cat sat on the mat", "a dog ran");
    write("natural/valid/pets.jsonl", "the dog sat", "the cat ran");
    Path web = directory.resolve("natural/train/web.jsonl");
    Files.writeString(web, Files.readString(web) + "{\n".repeat(150));

    Ran refused = run(directory.toString());

    assertThat(refused.code()).isOne();
    assertThat(refused.err()).contains("101 of 103 records", "--bad-record-fraction");
    assertThat(run(directory.toString(), "--bad-record-fraction", "0.99").code()).isZero();
  }

  @Test
  void reportsWhichDomainsRequestedMixturesCover() throws IOException {
    write("train/web.jsonl", "the cat sat on the mat", "a dog ran");
    write("train/law.jsonl", "the court held that the party of the first part");
    write("valid/pets.jsonl", "the dog sat", "the cat ran");
    write("valid/trials.jsonl", "the court held the party");
    Path json = directory.resolve("compared.json");
    Path report = directory.resolve("compared.html");

    Ran ran =
        run(
            directory.toString(),
            "--mixture=both=web:0.75,law:0.25",
            "--mixture",
            "other=law:0.75, web:0.25",
            "--mixture=none=law:1",
            "--json=" + json,
            "--report=" + report);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains(
            "No corpus covers all 2 domains at 95 % of the words: web covers 1 and contains 40.0 %"
                + " of the words of trials.")
        .contains("All 2 domains are covered by the union all natural")
        .contains("All 2 domains are covered by the mixture both, other")
        .contains("none covers 1 of 2 domains; it contains 33.3 % of the words of pets.");
    JsonNode compared = new ObjectMapper().readTree(json.toFile());
    assertThat(compared.at("/covered/all_domains_by_corpus")).isEmpty();
    assertThat(compared.at("/covered/all_domains_by_mixture")).hasSize(2);
    assertThat(compared.at("/covered/texts/0/worst_domain").asText()).isEqualTo("pets");
    assertThat(compared.at("/covered/texts/0/domains").asInt()).isEqualTo(1);
    JsonNode both = compared.at("/pairs/6");
    assertThat(both.get("corpus").asText()).isEqualTo("both");
    // relative word frequencies in pets: "the" 2/6; dog, sat, cat and ran 1/6 each; in web: 2/9 and
    // 1/9 each; in law: "the" 3/10 and none of the others
    double p = 1.0 / 6;
    assertThat(both.get("kl").asDouble())
        .isCloseTo(
            -2 * p * Math.log(0.999 * (0.75 * 2 / 9 + 0.25 * 3 / 10) / (2 * p) + 0.001)
                - 4 * p * Math.log(0.999 * 0.75 / 9 / p + 0.001),
            within(1e-12));
    assertThat(Files.readString(report))
        .contains("Domains covered", "both")
        .doesNotContain("Warnings");

    Ran halved = run(directory.toString(), "--covered=0.35");
    assertThat(halved.out()).contains("All 2 domains are covered by the corpus web,");
  }

  @Test
  void warnsAboutOtherAndUnknownLanguages() throws IOException {
    String english = "The boats have long since gone from the harbour, and nobody knows why. ";
    write("train/web.jsonl", english.repeat(4));
    write(
        "train/polish.jsonl", "Łódki dawno opuściły port i nikt już nie wie, gdzie są. ".repeat(4));
    write("valid/news.jsonl", english.repeat(2));
    write("valid/presse.jsonl", "Die Boote sind schon lange nicht mehr im Hafen. ".repeat(4));
    Path json = directory.resolve("compared.json");

    Path report = directory.resolve("compared.html");

    Ran ran = run(directory.toString(), "--json=" + json, "--report=" + report);

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(Files.readString(report))
        .contains("Warnings", "corpus polish is in an unknown language");
    assertThat(ran.err())
        .contains("warning: corpus polish is in an unknown language")
        .contains("warning: corpus web is in en, but domains are in de (presse)");
    JsonNode compared = new ObjectMapper().readTree(json.toFile());
    assertThat(compared.get("language").asText()).isEqualTo("en");
    assertThat(compared.get("warnings")).hasSize(3);

    Ran german = run(directory.toString(), "--language=de", "--json=" + json);
    assertThat(german.err())
        .contains("corpus web is in en; it is split into words by the rules of de");
  }

  @Test
  void oneCorpusIsNotTheLeastAndTheMostDiverse() throws IOException {
    write("train/web.jsonl", "the cat ".repeat(60_000));
    write("valid/news.jsonl", "the dog");

    assertThat(run(directory.toString()).out())
        .contains("The corpus with")
        .doesNotContain("diverse");
  }

  @Test
  void reportsAllProblemsOfMixtures() throws IOException {
    write("train/web.jsonl", "the cat");
    write("valid/news.jsonl", "the dog");

    Ran shape =
        run(
            directory.toString(),
            "--mixture=m",
            "--mixture=n=web:half",
            "--mixture=o=web:0.5",
            "--mixture=p=web:0.5,web:0.5",
            "--mixture=q=web:1",
            "--mixture=q=web:1",
            "--covered=2",
            "--report=" + directory);
    assertThat(shape.code()).isEqualTo(2);
    assertThat(shape.err())
        .contains("m; expected", "n=web:half", "o=web:0.5, shares sum to 0.5")
        .contains("p=web:0.5,web:0.5; expected", "two mixtures have the name q", "--covered: 2.0")
        .contains("--report: %s; expected a file in a writable directory".formatted(directory))
        .doesNotContain("\tat ");

    Ran unknown =
        run(directory.toString(), "--mixture=a=hq:0.5,web:0.5", "--mixture=all natural=web:1");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("mixture a: unknown corpus hq; expected one of [web]")
        .contains("mixture all natural: another text has this name");
  }

  @Test
  void aDatasetIsACorpusAndADomain() throws IOException {
    write("hub/train-0.jsonl", "the cat sat on the mat", "a dog ran");
    write("hub/validation-0.jsonl", "the dog sat", "the cat ran");
    Path json = directory.resolve("compared.json");

    Ran ran = run(directory.resolve("hub").toString(), "--json=" + json);

    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode compared = new ObjectMapper().readTree(json.toFile());
    assertThat(compared.get("corpora")).hasSize(1);
    assertThat(compared.at("/corpora/0/documents").asInt()).isEqualTo(2);
    assertThat(compared.at("/pairs/0/domain").asText()).isEqualTo("hub");
    assertThat(compared.at("/pairs/0/coverage_types").asDouble()).isEqualTo(1);

    Ran elsewhere =
        run(
            directory.resolve("hub").toString(),
            "--domains",
            directory.resolve("hub").toString(),
            "--json=" + json);
    assertThat(elsewhere.code()).as(elsewhere.err()).isZero();
  }

  @Test
  void reportsProblemsWithoutAStackTrace() throws IOException {
    Ran nothing = run(directory.toString());
    assertThat(nothing.code()).isEqualTo(1);
    assertThat(nothing.err()).contains("corpora in", "domains in", "--domains");

    Ran strange = run(directory.toString(), "--language", "xx", "--threads", "0");
    assertThat(strange.code()).isEqualTo(2);
    assertThat(strange.err()).contains("--language: xx", "--threads: 0").doesNotContain("\tat ");

    write("web.jsonl", "...");
    write("valid/news.jsonl", "words");
    Ran wordless = run(directory.toString());
    assertThat(wordless.code()).isEqualTo(1);
    assertThat(wordless.err()).contains("corpus web", "no word").doesNotContain("\tat ");
  }
}
