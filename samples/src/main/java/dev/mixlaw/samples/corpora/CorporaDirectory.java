package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.FileCorpusReader;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.JsonLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Corpora in a directory, natural ones and what LLMs wrote:
 *
 * <pre>
 * pairs/train/pairs.jsonl     {"id", "text": human, "synthetic": {"rephrase/MODEL": text, ...}}
 * natural/train/*.jsonl       training text, read where there are no pairs
 * natural/valid/DOMAIN.jsonl  held-out text, of which excerpts are taken
 * synthetic/train/NAME.jsonl  synthetic text; textbook_MODEL.jsonl is textbooks by MODEL
 * </pre>
 *
 * <p>With pairs, natural text is their human side and {@code rephrased} is the same ids by the
 * model that rephrased most of them, so that style is not confounded with topic; the third corpus
 * is a textbook one. Without, natural text is all of {@code natural/train}, and every file of
 * {@code synthetic/train} is a corpus.
 */
public final class CorporaDirectory {
  private static final String PREFERRED_TEXTBOOK = "textbook_llama31.jsonl";
  private static final Pattern TEXTBOOK = Pattern.compile("textbook_([^.]+)\\.jsonl.*");
  private static final Pattern SYNTHETIC = Pattern.compile("([^.]+)\\.jsonl(\\.gz|\\.zst)?");

  private CorporaDirectory() {}

  /**
   * Finds the corpora; of the text, only pairs and domains are read.
   *
   * @param directory laid out as above
   * @param work for the two sides of the pairs and the excerpts of the domains; made if it is
   *     missing
   * @throws MixlawException with all that the directory lacks, or with the line of a bad pair
   */
  public static SampleCorpora read(Path directory, Path work) {
    Path pairs = directory.resolve("pairs/train/pairs.jsonl");
    Path natural = directory.resolve("natural/train");
    Path valid = directory.resolve("natural/valid");
    boolean paired = Files.isRegularFile(pairs);
    List<Path> synthetic = files(directory.resolve("synthetic/train"));
    List<Problem> problems = new ArrayList<>();
    if (!Files.isDirectory(directory)) {
      problems.add(missing(directory, "no such directory", "a directory of corpora"));
    } else {
      if (!paired && files(natural).isEmpty()) {
        problems.add(missing(directory, "no natural text", pairs + ", or files in " + natural));
      }
      if (files(valid).isEmpty()) {
        problems.add(missing(directory, "no held-out text", "files in " + valid));
      }
      if (!paired && synthetic.isEmpty()) {
        problems.add(
            missing(directory, "no synthetic text", pairs + ", or files in synthetic/train"));
      }
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
    Domains domains = excerpts(files(valid), work.resolve("domains"));
    if (!paired) {
      return new SampleCorpora(
          Corpus.directory(natural).named("natural"),
          synthetic.stream().map(CorporaDirectory::synthetic).toList(),
          domains);
    }
    Pairs.Sides sides = Pairs.split(pairs, work);
    List<Corpus> others = new ArrayList<>();
    others.add(Corpus.jsonl(sides.rephrased()).rephrased(sides.model()));
    textbook(synthetic).ifPresent(file -> others.add(synthetic(file)));
    return new SampleCorpora(Corpus.jsonl(sides.natural()).natural(), others, domains);
  }

  /** As much of each domain as of the default ones: a sample measures often. */
  private static Domains excerpts(List<Path> domains, Path work) {
    for (Path file : domains) {
      List<Document> excerpts = HeldOut.split(source(file), DefaultCorpora.HELD_OUT).validation();
      JsonLines.write(
          work.resolve(Corpus.jsonl(file).name() + ".jsonl"), () -> DocumentStream.of(excerpts));
    }
    return Domains.directory(work);
  }

  private static DocumentSource source(Path file) {
    return () -> new FileCorpusReader().open(Corpus.jsonl(file));
  }

  private static Optional<Path> textbook(List<Path> synthetic) {
    return synthetic.stream()
        .filter(file -> file.getFileName().toString().equals(PREFERRED_TEXTBOOK))
        .findFirst()
        .or(
            () ->
                synthetic.stream()
                    .filter(file -> TEXTBOOK.matcher(file.getFileName().toString()).matches())
                    .findFirst());
  }

  private static Corpus synthetic(Path file) {
    Corpus corpus = Corpus.jsonl(file);
    Matcher textbook = TEXTBOOK.matcher(file.getFileName().toString());
    if (textbook.matches()) {
      return corpus.textbook(textbook.group(1));
    }
    return corpus.other(corpus.name().substring(corpus.name().lastIndexOf('_') + 1));
  }

  /** JSON Lines files, sorted by name. */
  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> SYNTHETIC.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.DATA, missing(directory, e.toString(), "a readable directory"), e);
    }
  }

  private static Problem missing(Path directory, String actual, String allowed) {
    return new Problem("corpora in " + directory, actual, allowed, "--corpora DIR");
  }
}
