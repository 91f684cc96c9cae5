package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Tests filters on natural text and on its rewritings by twenty LLMs, of which few may be rejected
 * or changed by mistake.
 */
class FiltersOnRealTextTest {
  private static final DraftSession NOBODY = FakeSession.silent(1);

  private static final String CHATTY = "rephrase/Claude-instant-polish";

  private record Pair(String by, String source, String rewritten) {}

  private static Draft judge(DraftFilter filter, String source, String text) {
    return filter.judge(new Draft(Material.whole("d", "d", source), text, false), NOBODY);
  }

  private static List<Pair> pairs() throws IOException {
    ObjectMapper json = new ObjectMapper();
    // only a quarter of the pairs is returned, to save time, but all of the model that writes
    // lead-ins
    List<Pair> pairs = new ArrayList<>();
    for (String line : Files.readAllLines(Shared.corpora().resolve("pairs/train/pairs.jsonl"))) {
      JsonNode record = json.readTree(line);
      String source = record.path("text").asText();
      record
          .path("synthetic")
          .fields()
          .forEachRemaining(e -> pairs.add(new Pair(e.getKey(), source, e.getValue().asText())));
    }
    return IntStream.range(0, pairs.size())
        .filter(i -> i % 4 == 0 || pairs.get(i).by().equals(CHATTY))
        .mapToObj(pairs::get)
        .toList();
  }

  private static double share(List<Pair> pairs, Predicate<Pair> which) {
    return (double) pairs.stream().filter(which).count() / pairs.size();
  }

  @Test
  void doesNotChangeNaturalText() {
    List<String> texts =
        Stream.of("web", "news", "email", "books", "wiki", "reviews")
            .map(name -> Shared.corpora().resolve("natural/train/" + name + ".jsonl"))
            .flatMap(file -> Shared.texts(file).stream().limit(150))
            .toList();

    long mended =
        texts.stream()
            .filter(t -> !judge(Filters.leadIns(), t, t).text().equals(t.strip()))
            .count();
    long refused =
        texts.stream().filter(t -> judge(Filters.refusals(), t, t).rejection().isPresent()).count();

    assertThat(texts).hasSizeGreaterThan(600);
    assertThat(mended).isZero();
    assertThat(refused).isZero();
  }

  @Test
  void removesLeadIns() throws IOException {
    List<Pair> chatty = pairs().stream().filter(p -> p.by().equals(CHATTY)).toList();

    assertThat(share(chatty, p -> p.rewritten().startsWith("Here is"))).isGreaterThan(0.6);
    assertThat(
            share(
                chatty,
                p ->
                    judge(Filters.leadIns(), p.source(), p.rewritten())
                        .text()
                        .startsWith("Here is")))
        .isLessThan(0.03);
  }

  @Test
  void fewRewritingsAreRefused() throws IOException {
    List<Pair> rephrased = pairs().stream().filter(p -> p.by().startsWith("rephrase")).toList();

    for (DraftFilter filter :
        List.of(
            Filters.language(),
            Filters.refusals(),
            Filters.lengthRatio(0.2, 3),
            Filters.nearCopies(0.5))) {
      assertThat(
              share(
                  rephrased, p -> judge(filter, p.source(), p.rewritten()).rejection().isPresent()))
          .as(filter.name())
          .isLessThan(0.02);
    }
    assertThat(
            share(
                rephrased,
                p ->
                    judge(Filters.nearCopies(0.5), p.source(), p.source()).rejection().isPresent()))
        .isEqualTo(1);
  }
}
