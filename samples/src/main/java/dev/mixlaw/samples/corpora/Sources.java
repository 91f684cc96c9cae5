package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The corpora to mix. There is one natural corpus for each kind of text. */
public record Sources(List<Corpus> natural, List<Corpus> synthetic) {
  /**
   * Matches the {@code id} of a record in the default text, which has the form {@code KIND/REST}.
   */
  private static final Pattern KIND = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]*)/.*");

  public Sources {
    natural = List.copyOf(natural);
    synthetic = List.copyOf(synthetic);
  }

  /**
   * Returns the corpora to mix.
   *
   * @param directory directory of the user, in which each file or folder in {@code natural/train}
   *     is a kind of text; null for the default text, whose ids contain the kind
   * @param reading returns the text at a path
   */
  public static Sources of(
      SampleCorpora texts, @Nullable Path directory, Function<Path, TextPath> reading) {
    List<Corpus> natural =
        directory == null
            ? byName(texts.natural())
            : each(directory.resolve("natural/train"), reading);
    return new Sources(natural.size() > 1 ? natural : List.of(texts.natural()), texts.synthetic());
  }

  public List<Corpus> all() {
    return Stream.concat(natural.stream(), synthetic.stream()).toList();
  }

  private static List<Corpus> each(Path directory, Function<Path, TextPath> reading) {
    return Files.isDirectory(directory)
        ? reading.apply(directory).each().stream().map(TextPath::corpus).toList()
        : List.of();
  }

  private static List<Corpus> byName(Corpus corpus) {
    Map<String, String> kinds = new LinkedHashMap<>();
    try (DocumentStream names = Corpora.open(corpus.textField("id"))) {
      names.forEachRemaining(
          name -> {
            Matcher kind = KIND.matcher(name.text());
            if (kind.matches()) {
              kinds.put(name.id(), kind.group(1));
            }
          });
    }
    Set<String> names = new TreeSet<>(kinds.values());
    return names.stream().map(k -> Corpus.documents(k, only(k, kinds, corpus))).toList();
  }

  private static DocumentSource only(String kind, Map<String, String> kinds, Corpus corpus) {
    return () -> {
      List<Document> chosen = new ArrayList<>();
      try (DocumentStream all = Corpora.open(corpus)) {
        while (all.hasNext()) {
          Document document = all.next();
          if (kind.equals(kinds.get(document.id()))) {
            chosen.add(document);
          }
        }
      }
      return DocumentStream.of(chosen);
    };
  }
}
