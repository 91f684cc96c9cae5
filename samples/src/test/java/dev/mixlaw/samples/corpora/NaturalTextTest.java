package dev.mixlaw.samples.corpora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.TextPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NaturalTextTest {
  @TempDir private Path dir;
  @TempDir private Path work;

  @Test
  void documentsAreHeldOutOfATextWithoutDomains() throws IOException {
    write("web.jsonl", lines(400));

    SampleCorpora sample = NaturalText.read(at("web.jsonl"), Optional.empty(), work);

    List<String> training = texts(sample.natural());
    List<String> heldOut = texts(sample.domains().listed().get(0));
    assertThat(heldOut).hasSizeBetween(50, 200).doesNotContainAnyElementsOf(training);
    assertThat(training.size() + heldOut.size()).isEqualTo(400);
    assertThat(sample.natural().name()).isEqualTo("web");
    assertThat(NaturalText.read(at("web.jsonl"), Optional.empty(), work).domains())
        .isEqualTo(sample.domains());
  }

  @Test
  void aDatasetHasItsOwnHeldOutText() throws IOException {
    write("hub/train.jsonl", lines(3));
    write("hub/test.jsonl", "{\"text\":\"held out\"}\n");

    SampleCorpora sample = NaturalText.read(at("hub"), Optional.empty(), work);

    assertThat(texts(sample.natural())).hasSize(3);
    assertThat(texts(sample.domains().listed().get(0))).containsExactly("held out");
  }

  @Test
  void domainsMayBeAFileOrAFolder() throws IOException {
    write("web.jsonl", lines(3));
    write("valid/b.jsonl", "{\"text\":\"held out of b\"}\n");
    write("valid/a/part.txt", "held out of a");
    write("empty/notes.pdf", "x");

    assertThat(domains("valid")).containsExactly("a [held out of a]", "b [held out of b]");
    assertThat(domains("valid/b.jsonl")).containsExactly("b [held out of b]");
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> domains("empty"))
        .withMessageContaining("empty: no text");
  }

  @Test
  void refusesATextOfOneDocument() throws IOException {
    write("book.txt", "all there is");

    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> NaturalText.read(at("book.txt"), Optional.empty(), work))
        .withMessageContaining("too few documents")
        .withMessageContaining("--domains");
  }

  private List<String> domains(String name) {
    return NaturalText.read(at("web.jsonl"), Optional.of(at(name)), work)
        .domains()
        .listed()
        .stream()
        .map(d -> d.name() + " " + texts(d))
        .toList();
  }

  private TextPath at(String name) {
    return TextPath.of(dir.resolve(name));
  }

  /** Returns JSON lines with documents that have no long passage in common. */
  private static String lines(int documents) {
    return IntStream.range(0, documents)
        .mapToObj(
            d ->
                IntStream.range(0, 60)
                    .mapToObj(w -> "w" + (d * 31 + w * 7 + d * w) % 9973)
                    .collect(Collectors.joining(" ", "{\"text\":\"", "\"}\n")))
        .collect(Collectors.joining());
  }

  private void write(String name, String content) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private static List<String> texts(Corpus corpus) {
    List<String> texts = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining((Document document) -> texts.add(document.text()));
    }
    return texts;
  }
}
