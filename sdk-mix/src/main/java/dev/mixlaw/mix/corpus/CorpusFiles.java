package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files of a corpus, in reading order. */
public final class CorpusFiles {
  private CorpusFiles() {}

  /**
   * One file of a corpus.
   *
   * @param path where it is
   * @param label how document ids and messages call it
   * @param format never {@link Corpus.Format#BY_NAME}
   */
  public record Entry(Path path, String label, Corpus.Format format, Compression compression) {}

  /**
   * Finds them.
   *
   * @throws MixlawException with all that is wrong: a file that is missing, cannot be read or needs
   *     a library that is not there; a directory without files
   */
  public static List<Entry> list(String corpus, Corpus.Files files) {
    Path root = files.path();
    if (Files.isDirectory(root)) {
      return inDirectory(corpus, files, root);
    }
    if (!Files.exists(root)) {
      throw data(corpus, "the file is missing", root.toString(), "a file or directory that exists");
    }
    Entry entry = entry(files, root, String.valueOf(root.getFileName()));
    return checked(corpus, files, List.of(entry));
  }

  /**
   * Some files of a folder, each of the format that its name tells.
   *
   * @param names of the files from the corpus's path on, with slashes
   * @param ofText what a name of {@link Corpus.Format#TEXT} stands for
   * @throws MixlawException with all that is wrong
   */
  public static List<Entry> listed(
      String corpus, Corpus.Files files, List<String> names, Corpus.Format ofText) {
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      Entry entry = entry(files, files.path().resolve(name), name);
      entries.add(
          entry.format() == Corpus.Format.TEXT
              ? new Entry(entry.path(), name, ofText, entry.compression())
              : entry);
    }
    return checked(corpus, files, entries);
  }

  private static List<Entry> inDirectory(String corpus, Corpus.Files files, Path root) {
    List<Entry> entries =
        FolderFiles.names("corpus " + corpus, root).stream()
            .map(name -> entry(files, root.resolve(name), name))
            .toList();
    if (entries.isEmpty()) {
      throw data(
          corpus,
          "the directory has no file to read",
          root.toString(),
          "at least one file whose name does not begin with a dot");
    }
    return checked(corpus, files, entries);
  }

  private static Entry entry(Corpus.Files files, Path path, String label) {
    Compression compression = Compression.ofName(label);
    Corpus.Format format =
        files.format() == Corpus.Format.BY_NAME
            ? FileFormats.ofName(compression.strip(label))
            : files.format();
    return new Entry(path, label, format, compression);
  }

  private static List<Entry> checked(String corpus, Corpus.Files files, List<Entry> entries) {
    List<Problem> problems = problems(corpus, files, entries);
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
    return entries;
  }

  private static List<Problem> problems(String corpus, Corpus.Files files, List<Entry> entries) {
    List<Problem> problems = new ArrayList<>();
    for (Entry entry : entries) {
      if (Files.isReadable(entry.path())) {
        problems.addAll(FileFormats.problems(corpus, entry, files.textField()));
      } else {
        problems.add(
            new Problem(
                "corpus " + corpus + ": the file cannot be read",
                entry.path().toString(),
                "a readable file",
                "its permissions"));
      }
    }
    return problems;
  }

  private static MixlawException data(String corpus, String what, String actual, String allowed) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem("corpus " + corpus + ": " + what, actual, allowed, "the corpus's path"));
  }
}
