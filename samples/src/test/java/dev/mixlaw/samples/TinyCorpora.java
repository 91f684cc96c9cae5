package dev.mixlaw.samples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes made-up text in the folder layout that {@code --corpora} reads. */
final class TinyCorpora {
  private static final List<String> WORDS =
      List.of(
          "river stone light under carry over quiet field river market open winter speak early garden paper"
              .split(" ", -1));

  private TinyCorpora() {}

  static Path write(Path directory) throws IOException {
    jsonl(directory.resolve("natural/train/books.jsonl"), texts(1, 300, 7));
    for (String domain : List.of("books", "letters", "news", "speech", "tales", "trade")) {
      jsonl(
          directory.resolve("natural/valid/" + domain + ".jsonl"),
          texts(domain.hashCode(), 24, domain.length()));
    }
    jsonl(directory.resolve("synthetic/train/textbook_tiny.jsonl"), texts(2, 300, 3));
    jsonl(directory.resolve("synthetic/valid/textbook_tiny.jsonl"), texts(3, 24, 3));
    List<String> human = texts(4, 400, 7);
    List<String> machine = texts(4, 400, 4);
    Path pairs = directory.resolve("pairs/train/pairs.jsonl");
    Files.createDirectories(pairs.getParent());
    Files.writeString(
        pairs,
        IntStream.range(0, human.size())
            .mapToObj(
                i ->
                    "{\"id\": %d, \"source\": \"tiny\", \"domain\": \"books\", \"text\": \"%s\", \"synthetic\": {\"rephrase/tiny\": \"%s\"}}"
                        .formatted(i, human.get(i), machine.get(i)))
            .collect(Collectors.joining("\n", "", "\n")));
    return directory;
  }

  private static List<String> texts(long seed, int documents, int habit) {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> texts = new ArrayList<>();
    for (int d = 0; d < documents; d++) {
      StringBuilder text = new StringBuilder();
      int word = random.nextInt(WORDS.size());
      for (int w = 0; w < 60 + random.nextInt(60); w++) {
        word =
            random.nextInt(10) < habit
                ? (word * 5 + 3) % WORDS.size()
                : random.nextInt(WORDS.size());
        text.append(WORDS.get(word))
            .append(w % 12 == 11 ? ". " : " ")
            .append(random.nextInt(40) == 0 ? d + " " : "");
      }
      texts.add(text.toString().strip());
    }
    return texts;
  }

  private static void jsonl(Path file, List<String> texts) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        texts.stream()
            .map(t -> "{\"text\": \"" + t + "\"}")
            .collect(Collectors.joining("\n", "", "\n")));
  }
}
