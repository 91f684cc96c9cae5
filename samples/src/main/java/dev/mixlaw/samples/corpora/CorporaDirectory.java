package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A directory with natural corpora and synthetic corpora:
 *
 * <pre>
 * pairs/train/pairs.jsonl  {"id", "text": human, "synthetic": {"rephrase/MODEL": text, ...}}
 * natural/train/           training text, used if there are no pairs
 * natural/valid/           held-out text, one domain per file or folder, of which excerpts are used
 * synthetic/train/         synthetic text, one corpus per file or folder; textbook_MODEL.jsonl has
 *                          textbooks by MODEL
 * </pre>
 *
 * <p>{@link TextPath} reads files and folders. Instead of {@code natural/train} and {@code
 * natural/valid}, {@code natural} may be a dataset with both splits. Instead of {@code
 * synthetic/train}, corpora may be in {@code synthetic}.
 *
 * <p>If there are pairs, the natural corpus consists of the texts that people wrote. The corpus
 * {@code rephrased} contains the same texts, rephrased by the model that rephrased the largest
 * number. Style is therefore not confounded with topic. A third corpus consists of textbooks.
 * Without pairs, the natural corpus is all of {@code natural/train}, and every text in {@code
 * synthetic/train} is a corpus.
 */
public final class CorporaDirectory {
  private static final String TEXTBOOK = "textbook_";
  private static final String PREFERRED_TEXTBOOK = TEXTBOOK + "llama31";

  private final Path directory;
  private final Function<Path, TextPath> reading;

  private CorporaDirectory(Path directory, Function<Path, TextPath> reading) {
    this.directory = directory;
    this.reading = reading;
  }

  /**
   * Finds the corpora. Reads only pairs and domains.
   *
   * @param directory a directory with the files above
   * @param reading returns the text at a path
   * @param work directory for temporary files; created if missing
   * @throws MixlawException if parts are missing, in which case the exception lists all of them, or
   *     if a pair is invalid, in which case the message states its line
   */
  public static SampleCorpora read(Path directory, Function<Path, TextPath> reading, Path work) {
    return new CorporaDirectory(directory, reading).read(work);
  }

  private SampleCorpora read(Path work) {
    Path pairs = directory.resolve("pairs/train/pairs.jsonl");
    boolean paired = Files.isRegularFile(pairs);
    TextPath natural =
        Files.isDirectory(directory.resolve("natural/train")) ? at("natural/train") : at("natural");
    List<TextPath> domains = each("natural/valid");
    if (domains.isEmpty() && at("natural").holdsOut()) {
      domains = List.of(at("natural"));
    }
    List<TextPath> synthetic =
        each(
            Files.isDirectory(directory.resolve("synthetic/train"))
                ? "synthetic/train"
                : "synthetic");
    check(paired || natural.recognized(), !domains.isEmpty(), paired || !synthetic.isEmpty());
    Domains excerpts = Excerpts.of(domains, work.resolve("domains"));
    if (!paired) {
      return new SampleCorpora(
          natural.corpus().named("natural"),
          synthetic.stream().map(TextPath::corpus).map(CorporaDirectory::synthetic).toList(),
          excerpts);
    }
    Pairs.Sides sides = Pairs.split(pairs, work);
    List<Corpus> others = new ArrayList<>();
    others.add(Corpus.jsonl(sides.rephrased()).rephrased(sides.model()));
    textbook(synthetic).ifPresent(text -> others.add(synthetic(text)));
    return new SampleCorpora(Corpus.jsonl(sides.natural()).natural(), others, excerpts);
  }

  private TextPath at(String name) {
    return reading.apply(directory.resolve(name));
  }

  private List<TextPath> each(String name) {
    return Files.isDirectory(directory.resolve(name)) ? at(name).each() : List.of();
  }

  private void check(boolean natural, boolean domains, boolean synthetic) {
    List<Problem> problems = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      problems.add(missing("no such directory", "a directory of corpora"));
    } else {
      if (!natural) {
        problems.add(
            missing("no natural text", "pairs/train/pairs.jsonl, or text in natural/train"));
      }
      if (!domains) {
        problems.add(
            missing(
                "no held-out text", "text in natural/valid, or a dataset with splits in natural"));
      }
      if (!synthetic) {
        problems.add(
            missing("no synthetic text", "pairs/train/pairs.jsonl, or text in synthetic/train"));
      }
    }
    MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
  }

  private static Optional<Corpus> textbook(List<TextPath> synthetic) {
    List<Corpus> textbooks =
        synthetic.stream()
            .map(TextPath::corpus)
            .filter(corpus -> corpus.name().startsWith(TEXTBOOK))
            .toList();
    return textbooks.stream()
        .filter(corpus -> corpus.name().equals(PREFERRED_TEXTBOOK))
        .findFirst()
        .or(() -> textbooks.stream().findFirst());
  }

  private static Corpus synthetic(Corpus text) {
    String name = text.name();
    return name.startsWith(TEXTBOOK)
        ? text.textbook(name.substring(TEXTBOOK.length()))
        : text.other(name.substring(name.lastIndexOf('_') + 1));
  }

  private Problem missing(String actual, String allowed) {
    return new Problem("corpora in " + directory, actual, allowed, "change --corpora DIR");
  }
}
