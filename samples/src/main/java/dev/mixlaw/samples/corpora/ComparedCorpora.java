package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The corpora and domains in a directory:
 *
 * <pre>
 * natural/train/            natural training text   (or train/, or the directory itself)
 * synthetic/train/          training text that generators wrote
 * pairs/train/pairs.jsonl   the same content written by people and by generators: two corpora
 * natural/valid/            domains                 (or valid/, or a given directory)
 * </pre>
 *
 * <p>Each file or folder in these directories is a text that {@link TextPath} can read. A dataset
 * with a held-out split is both a corpus and a domain.
 *
 * @param corpora training texts
 * @param domains held-out texts
 * @param leftOut files of unknown format
 */
public record ComparedCorpora(List<Corpus> corpora, List<Corpus> domains, List<Path> leftOut) {
  private static final Set<String> PLACES = Set.of("natural", "synthetic", "pairs", "valid");

  public ComparedCorpora {
    corpora = List.copyOf(corpora);
    domains = List.copyOf(domains);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Finds the texts without reading them.
   *
   * @param domains directory of domains; null for the default directories
   * @param reading returns the text at a path
   * @throws MixlawException if a part is missing; the exception lists all missing parts
   */
  public static ComparedCorpora find(
      Path directory, @Nullable Path domains, Function<Path, TextPath> reading) {
    return new Search(directory, domains, reading).found();
  }

  private static final class Search {
    private final Path directory;
    private final @Nullable Path domains;
    private final Function<Path, TextPath> reading;
    private final List<Path> leftOut = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Search(Path directory, @Nullable Path domains, Function<Path, TextPath> reading) {
      this.directory = directory;
      this.domains = domains;
      this.reading = reading;
    }

    ComparedCorpora found() {
      List<Corpus> corpora = new ArrayList<>();
      first(directory.resolve("natural/train"), directory.resolve("train"), directory)
          .forEach(text -> corpora.add(text.corpus().natural()));
      first(directory.resolve("synthetic/train"))
          .forEach(text -> corpora.add(text.corpus().other("a generator")));
      Path pairs = directory.resolve("pairs/train/pairs.jsonl");
      if (Files.isRegularFile(pairs)) {
        corpora.add(Corpus.jsonl(pairs).named("pairs_human").natural());
        corpora.add(
            Corpus.documents("pairs_rephrased", () -> DocumentStream.of(Pairs.rephrasings(pairs)))
                .rephrased("several models"));
      }
      List<Corpus> heldOut =
          (domains == null ? besideCorpora() : first(domains))
              .stream().map(TextPath::heldOut).toList();
      check(
          "corpora in " + directory,
          corpora,
          "files or folders of text in natural/train, synthetic/train, train or DIR itself",
          "DIR");
      check(
          "domains in " + Optional.ofNullable(domains).orElse(directory),
          heldOut,
          "files or folders of text in natural/valid or valid, or a directory of them",
          "--domains");
      MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
      return new ComparedCorpora(corpora, heldOut, leftOut);
    }

    private void check(String subject, List<Corpus> texts, String expected, String option) {
      if (texts.isEmpty()) {
        String actual = Files.isDirectory(directory) ? "none" : "no such directory";
        problems.add(new Problem(subject, actual, expected, "change " + option));
      }
      Set<String> names = new HashSet<>();
      for (Corpus text : texts) {
        if (!names.add(text.name())) {
          problems.add(
              new Problem(
                  subject,
                  "two texts have the name " + text.name(),
                  "unique names",
                  "rename a file"));
        }
      }
    }

    private List<TextPath> besideCorpora() {
      List<TextPath> valid = first(directory.resolve("natural/valid"), directory.resolve("valid"));
      TextPath whole = reading.apply(directory);
      return valid.isEmpty() && whole.holdsOut() ? List.of(whole) : valid;
    }

    /** Returns the texts in the first directory that contains any. A dataset is a single text. */
    private List<TextPath> first(Path... places) {
      for (Path place : places) {
        TextPath whole = reading.apply(place);
        if ((place.equals(directory) || place.equals(domains)) && whole.holdsOut()) {
          return List.of(whole);
        }
        if (Files.isDirectory(place)) {
          List<TextPath> texts =
              whole.each().stream()
                  .filter(
                      t ->
                          !place.equals(directory)
                              || !PLACES.contains(String.valueOf(t.path().getFileName())))
                  .toList();
          if (!texts.isEmpty()) {
            leftOut.addAll(whole.ignored());
            return texts;
          }
        }
      }
      return List.of();
    }
  }
}
