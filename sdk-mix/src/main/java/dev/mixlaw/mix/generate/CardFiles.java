package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.io.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

final class CardFiles {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .build();

  private static final String CARD = "card.json";

  private CardFiles() {}

  /**
   * Checks that a directory contains no other corpus.
   *
   * @throws MixlawException (storage) if the directory has the data card of another corpus
   */
  static void requireSame(String corpus, Path directory) {
    Path file = directory.resolve(CARD);
    if (!Files.exists(file)) {
      return;
    }
    String found;
    try {
      found = JSON.readTree(file.toFile()).path("corpus").asText();
    } catch (IOException e) {
      throw other(directory, "unreadable card.json: " + Reasons.of(e), corpus, e);
    }
    if (!found.equals(corpus)) {
      throw other(directory, "corpus " + found, corpus, null);
    }
  }

  private static MixlawException other(
      Path directory, String found, String corpus, @Nullable Throwable cause) {
    return MixlawException.storage(
        "directory " + directory,
        found,
        "an empty directory, or one with corpus " + corpus,
        "use another directory, or change Generation.named",
        cause);
  }

  static void write(DataCard card, Path directory) {
    DurableFile.write(
        directory.resolve(CARD),
        to -> DurableFile.writeFully(to, utf8(JSON.writeValueAsString(card) + "\n")));
    DurableFile.write(directory.resolve("card.md"), utf8(markdown(card)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String markdown(DataCard card) {
    StringBuilder md = new StringBuilder();
    line(
        md,
        """
        # %s

        %,d documents, %,d bytes of %s text in the style %s by %s%s.

        | | |
        |---|---|
        | made from | %s of %s (%s): %,d documents, %,d malformed records skipped |
        | source fingerprint | %s |\
        """,
        card.corpus(),
        card.documents(),
        card.textBytes(),
        card.kind().name().toLowerCase(Locale.ROOT),
        card.style(),
        card.generator(),
        card.complete() ? "" : "; **incomplete: the budget was spent**",
        card.materials(),
        card.source().corpus(),
        card.source().kind().name().toLowerCase(Locale.ROOT),
        card.source().documents(),
        card.source().skipped(),
        card.source().fingerprint());
    card.generatorParameters().forEach((k, v) -> line(md, "| generator: %s | %s |", k, cell(v)));
    card.parameters().forEach((k, v) -> line(md, "| %s | %s |", k, cell(v)));
    DataCard.Spent spent = card.spent();
    line(
        md,
        """
        | spent | %,d requests, %,d tokens read, %,d written%s%s |

        ## Left out

        %,d of %,d drafts, and with them %,d whole documents.\
        """,
        spent.requests(),
        spent.promptTokens(),
        spent.writtenTokens(),
        spent.estimated() ? " (estimated where the generator does not count tokens)" : "",
        spent.currency().isEmpty() ? "" : Texts.format(", %s %.4f", spent.currency(), spent.cost()),
        card.refused().values().stream().mapToLong(DataCard.Refusals::drafts).sum(),
        card.drafts(),
        card.refusedDocuments());
    if (!card.refused().isEmpty()) {
      refusals(md, card);
    }
    line(md, "\n## Filters, in order\n");
    card.filters().forEach(f -> line(md, "- %s: %s", f.name(), f.description()));
    line(md, "\n## Prompts");
    card.prompts()
        .forEach(
            (name, prompt) -> {
              line(md, "\n### %s\n", name);
              prompt.lines().forEach(l -> line(md, "    %s", l));
            });
    return md.toString();
  }

  private static void refusals(StringBuilder md, DataCard card) {
    line(md, "\n| refused by | drafts | examples |\n|---|---|---|");
    card.refused()
        .forEach(
            (by, r) ->
                line(
                    md,
                    "| %s | %,d | %s |",
                    by,
                    r.drafts(),
                    cell(String.join("; ", r.examples()))));
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s*\\R\\s*", " ");
  }

  private static void line(StringBuilder md, String format, Object... values) {
    md.append(Names.printable(Texts.format(format, values))).append('\n');
  }
}
