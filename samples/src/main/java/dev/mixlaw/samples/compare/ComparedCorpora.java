package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Corpora and domains in a directory:
 *
 * <pre>
 * natural/train/*.jsonl     natural training text   (or train/*.jsonl, or *.jsonl)
 * synthetic/train/*.jsonl   training text that generators wrote
 * pairs/train/pairs.jsonl   the same content by people and by generators: two corpora
 * natural/valid/*.jsonl     domains                 (or valid/*.jsonl, or a directory given)
 * </pre>
 *
 * <p>Files may be text ({@code .txt}) and compressed ({@code .gz}, {@code .zst}).
 *
 * @param corpora training text
 * @param domains held-out text
 */
public record ComparedCorpora(List<Corpus> corpora, List<Corpus> domains) {
  private static final String TEXT = ".+\\.(jsonl|json|txt|text)(\\.(gz|zst))?";

  public ComparedCorpora {
    corpora = List.copyOf(corpora);
    domains = List.copyOf(domains);
  }

  /**
   * Finds the files; reads none.
   *
   * @param domains a directory of domains, if they are elsewhere
   * @throws MixlawException with all that is missing
   */
  public static ComparedCorpora find(Path directory, @Nullable Path domains) {
    List<Problem> problems = new ArrayList<>();
    List<Corpus> corpora = new ArrayList<>();
    firstWithFiles(directory.resolve("natural/train"), directory.resolve("train"), directory)
        .forEach(file -> corpora.add(Corpus.directory(file).natural()));
    texts(directory.resolve("synthetic/train"))
        .forEach(file -> corpora.add(Corpus.directory(file).other("a generator")));
    Path pairs = directory.resolve("pairs/train/pairs.jsonl");
    if (Files.isRegularFile(pairs)) {
      corpora.add(Corpus.jsonl(pairs).named("pairs_human").natural());
      corpora.add(
          Corpus.documents("pairs_rephrased", new Rephrasings(pairs)).rephrased("several models"));
    }
    List<Corpus> heldOut =
        (domains == null
                ? firstWithFiles(directory.resolve("natural/valid"), directory.resolve("valid"))
                : texts(domains))
            .stream().map(Corpus::directory).toList();
    if (corpora.isEmpty()) {
      problems.add(
          new Problem(
              "corpora in " + directory,
              Files.isDirectory(directory) ? "none" : "no such directory",
              "files *.jsonl or *.txt in natural/train, synthetic/train, train or itself",
              "DIR"));
    }
    if (heldOut.isEmpty()) {
      problems.add(
          new Problem(
              "domains in " + Optional.ofNullable(domains).orElse(directory),
              "none",
              "files *.jsonl or *.txt in natural/valid or valid, or a directory of them",
              "--domains"));
    }
    twice("corpora", corpora, problems);
    twice("domains", heldOut, problems);
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
    return new ComparedCorpora(corpora, heldOut);
  }

  private static void twice(String what, List<Corpus> texts, List<Problem> problems) {
    Set<String> names = new HashSet<>();
    for (Corpus text : texts) {
      if (!names.add(text.name())) {
        problems.add(
            new Problem(what, "two are called " + text.name(), "a name each", "the file's name"));
      }
    }
  }

  private static List<Path> firstWithFiles(Path... directories) {
    return Stream.of(directories)
        .map(ComparedCorpora::texts)
        .filter(files -> !files.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static List<Path> texts(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> Files.isRegularFile(f) && f.getFileName().toString().matches(TEXT))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem("texts in " + directory, e.toString(), "a readable directory", "DIR"),
          e);
    }
  }
}
