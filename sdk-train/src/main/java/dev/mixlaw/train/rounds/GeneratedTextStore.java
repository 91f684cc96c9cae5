package dev.mixlaw.train.rounds;

import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The directory of a generated text. The directory contains {@code text.jsonl}, {@code card.json}
 * and, while the text is being generated, {@code parts/}. The card is written last, so a text with
 * a card is complete.
 */
final class GeneratedTextStore {
  private final Path directory;

  GeneratedTextStore(Path directory) {
    this.directory = directory;
  }

  /**
   * Documents that were generated together and are stored in one file in {@code parts/}.
   *
   * @param identity hash of everything on which the text depends
   * @param texts documents that contain at least one word
   * @param dropped number of documents that contain no word and were dropped
   * @param tokens number of tokens in {@code texts}, including one end-of-text token per document
   * @param sampled number of generated tokens, including those of dropped documents
   */
  record Part(
      String identity,
      List<String> texts,
      long dropped,
      long tokens,
      long sampled,
      double seconds) {
    Part {
      texts = List.copyOf(texts);
    }
  }

  private record Line(String id, String text) {}

  Path directory() {
    return directory;
  }

  Path text() {
    return directory.resolve("text.jsonl");
  }

  private Path card() {
    return directory.resolve("card.json");
  }

  boolean finished() {
    return Files.exists(card());
  }

  /** Returns the text, or empty if it is incomplete, damaged or has another identity. */
  Optional<WrittenText> find(String identity, RoundKey key, Writing writing) {
    if (!Files.exists(card()) || !Files.exists(text())) {
      return Optional.empty();
    }
    try {
      GeneratedTextCard card = GeneratedTextCard.read(Files.readAllBytes(card()));
      return card.identity().equals(identity) && card.sha256().equals(Hashing.sha256(text()))
          ? Optional.of(card.writtenText(key, text(), writing))
          : Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty(); // the text is generated again, from its parts if they exist
    }
  }

  /** Returns the parts with the given identity that precede the first missing or damaged part. */
  List<Part> parts(String identity) {
    List<Part> parts = new ArrayList<>();
    try {
      while (Files.exists(part(parts.size()))) {
        Part part = JsonRecords.read(Files.readAllBytes(part(parts.size())), Part.class);
        if (!part.identity().equals(identity)) {
          break;
        }
        parts.add(part);
      }
    } catch (IOException damaged) {
      // A damaged part is generated again.
    }
    return parts;
  }

  void save(int number, Part part) {
    DurableFile.write(
        part(number), channel -> DurableFile.writeFully(channel, JsonRecords.compact(part)));
  }

  /** Writes the documents of all parts to {@code text.jsonl}. */
  void join(List<Part> parts, String label) {
    DurableFile.write(
        text(),
        channel -> {
          int number = 0;
          for (Part part : parts) {
            StringBuilder lines = new StringBuilder();
            for (String text : part.texts()) {
              byte[] line = JsonRecords.compact(new Line(label + "/" + number++, text));
              lines.append(new String(line, StandardCharsets.UTF_8)).append('\n');
            }
            DurableFile.writeFully(channel, lines.toString().getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  void finish(String identity, WrittenText text) {
    try {
      byte[] card = GeneratedTextCard.of(identity, Hashing.sha256(text()), text).json();
      DurableFile.write(card(), card);
      new Disk().delete(directory.resolve("parts"));
    } catch (IOException e) {
      throw Disk.fault("text of " + text.key() + ": its parts cannot be deleted", directory, e);
    }
  }

  private Path part(int number) {
    return directory.resolve("parts").resolve(Texts.format("%05d.json", number));
  }
}
