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
  void corporaUnionsAndMixturesStandBesideOneAnother() throws IOException {
    write("natural/train/web.jsonl", "the cat sat on the mat", "a dog ran");
    write("natural/train/law.jsonl", "the court held that the party of the first part");
    write("synthetic/train/book.jsonl", "a cat is an animal", "a dog is an animal");
    write("natural/valid/pets.jsonl", "the dog sat", "the cat ran");
    Path json = directory.resolve("out/compared.json");
    Path report = directory.resolve("out/compared.html");

    Ran ran = run(directory.toString(), "--json", json.toString(), "--report", report.toString());

    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode compared = new ObjectMapper().readTree(json.toFile());
    JsonNode web = compared.at("/corpora/1"); // law, web, book
    assertThat(web.get("name").asText()).isEqualTo("web");
    assertThat(web.get("bytes").asInt()).isEqualTo(31);
    assertThat(web.get("words").asInt()).isEqualTo(9);
    assertThat(web.get("types").asInt()).isEqualTo(8);
    assertThat(web.get("distinct_1").asDouble()).isEqualTo(8.0 / 9);
    assertThat(web.get("distinct_2").asDouble()).isEqualTo(1);
    assertThat(web.get("types_per_120k_words").isNull()).isTrue(); // it has nine
    assertThat(compared.get("pairs").findValuesAsText("corpus"))
        .isEqualTo(List.of("law", "web", "book", "all natural", "everything", "book-33"));
    JsonNode law = compared.at("/pairs/0");
    assertThat(law.get("domain").asText()).isEqualTo("pets");
    assertThat(law.get("coverage_types").asDouble()).isEqualTo(0.2); // the, of 5
    assertThat(law.get("coverage_tokens").asDouble()).isCloseTo(2.0 / 6, within(1e-12));
    assertThat(law.get("kl").asDouble()).isGreaterThan(compared.at("/pairs/1/kl").asDouble());
    assertThat(law.get("js").asDouble()).isBetween(0.0, Math.log(2));
    assertThat(compared.get("near_copies")).hasSize(9);
    assertThat(compared.get("contamination")).hasSize(3);
    assertThat(compared.at("/pairs/5/kind").asText()).isEqualTo("mixture");
    assertThat(Files.readString(report))
        .contains("<svg", "all natural", "Coverage of types", "Contamination");
    assertThat(ran.out()).contains("The union that covers its worst domain best is");
  }

  @Test
  void mistakesAreToldWithoutAStackTrace() throws IOException {
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
