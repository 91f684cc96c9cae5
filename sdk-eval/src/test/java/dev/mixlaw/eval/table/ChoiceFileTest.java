package dev.mixlaw.eval.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceFileTest {
  @TempDir Path directory;

  @Test
  void readsIndicesTextsAndLabels() throws IOException {
    Path file =
        write(
            "{\"id\": 7, \"question\": \"Sky?\", \"choices\": [\"blue\", \"green\"], \"answer\":"
                + " 1}",
            "",
            "{\"question\": \"Grass?\", \"choices\": [\"blue\", \"green\", \"red\"], \"answer\":"
                + " \"green\"}",
            "{\"id\": \"a\", \"question\": \"Sea?\", \"answer\": \"B\","
                + " \"choices\": {\"text\": [\"dry\", \"wet\"], \"label\": [\"A\", \"B\"]}}");

    MultipleChoice test = ChoiceFile.jsonl(file).read();

    assertThat(test.name()).isEqualTo("sky");
    assertThat(test.questions())
        .containsExactly(
            new Question("7", "Sky?", List.of("blue", "green"), 1),
            new Question("sky.jsonl:3", "Grass?", List.of("blue", "green", "red"), 1),
            new Question("a", "Sea?", List.of("dry", "wet"), 1));
    assertThat(test.chance()).isEqualTo((0.5 + 1 / 3.0 + 0.5) / 3);
  }

  @Test
  void readsOtherFieldsAndGzip() throws IOException {
    Path file = directory.resolve("arc.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          "{\"q\": \"Q\", \"ends\": [\"a\", \"b\"], \"key\": 0}\n"
              .getBytes(StandardCharsets.UTF_8));
    }

    assertThat(ChoiceFile.jsonl(file).named("easy").fields("q", "ends", "key").read())
        .isEqualTo(
            new MultipleChoice(
                "easy", List.of(new Question("arc.jsonl.gz:1", "Q", List.of("a", "b"), 0))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"choices\": [\"a\", \"b\"], \"answer\": 0}                        | no text in field"
            + " \"question\"",
        "{\"question\": \"Q\", \"answer\": 0}                                | 0 choices",
        "{\"question\": \"Q\", \"choices\": [\"a\"], \"answer\": 0}          | 1 choices",
        "{\"question\": \"Q\", \"choices\": \"ab\", \"answer\": 0}           | 0 choices",
        "{\"question\": \"Q\", \"choices\": [\"a\", 2], \"answer\": 0}       | 0 choices",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"\"], \"answer\": 0}    | an empty choice",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"a\"], \"answer\": 0}   | a repeated choice",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 2}   | answer 2 in"
            + " field \"answer\"; expected a number from 0 to 1",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": -1}  | answer -1",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 0.5} | answer 0.5",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": \"c\"} | answer \"c\"",
        "{\"question\": \"Q\", \"choices\": [\"a\", \"b\"]}                  | answer null",
        "{\"id\": \"first\", \"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 0} | repeated"
            + " id first",
        "{\"question\": \"Q                                                  | not JSON",
      })
  void aBadQuestionIsReportedWithItsLine(String line, String reason) throws IOException {
    Path file =
        write(
            "{\"id\": \"first\", \"question\": \"Q\", \"choices\": [\"a\", \"b\"], \"answer\": 0}",
            line);

    assertRefused(file, "sky.jsonl:2", reason);
  }

  @Test
  void allProblemsComeAtOnce() throws IOException {
    Path file = write("[]", "{\"question\": 1}", "{}");

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> ChoiceFile.jsonl(file).read())
        .satisfies(
            e -> {
              assertThat(e.kind()).isEqualTo(MixlawException.Kind.DATA);
              assertThat(e.problems()).hasSize(3);
              assertThat(e).hasMessageContaining("sky.jsonl:3");
            });
  }

  @Test
  void anEmptyOrMissingFileIsReported() throws IOException {
    assertRefused(write(""), "test sky", "has no question");
    assertRefused(directory.resolve("gone.jsonl"), "gone.jsonl", "cannot be read");
  }

  @Test
  void theFingerprintIsOfAllThatIsAsked() {
    Question q = new Question("1", "Q", List.of("a", "b"), 0);
    String fingerprint = new MultipleChoice("t", List.of(q)).fingerprint();

    assertThat(new MultipleChoice("other", List.of(q)).fingerprint()).isEqualTo(fingerprint);
    assertThat(
            List.of(
                new Question("2", "Q", List.of("a", "b"), 0),
                new Question("1", "Qa", List.of("b", "c"), 0),
                new Question("1", "Q", List.of("ab", "c"), 0),
                new Question("1", "Q", List.of("a", "b"), 1)))
        .noneMatch(o -> new MultipleChoice("t", List.of(o)).fingerprint().equals(fingerprint));
  }

  private Path write(String... lines) throws IOException {
    return Files.write(directory.resolve("sky.jsonl"), List.of(lines));
  }

  private static void assertRefused(Path file, String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> ChoiceFile.jsonl(file).read())
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  @Test
  void aNumberOutOfRangeIsNamedAndLongTextsAreCut() throws IOException {
    Path file = directory.resolve("bad.jsonl");
    String many = "\"" + "x".repeat(5000) + "\"";
    Files.writeString(
        file,
        "{\"question\": \"q\", \"choices\": [\"a\", \"b\"], \"answer\": 1e99999999999}\n"
            + "{\"question\": \"q\", \"choices\": ["
            + many
            + ", "
            + many
            + "], \"answer\": 0}\n");

    assertThatThrownBy(() -> ChoiceFile.jsonl(file).read())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("bad.jsonl:1: ")
        .hasMessageContaining("bad.jsonl:2: a repeated choice")
        .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(1000));
  }
}
