package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.TextFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

final class CorpusFiles {
  /** Matches files, such as README.md, that are not read if the corpus states its format. */
  private static final Pattern DESCRIPTION =
      Pattern.compile("(?i)(^|/)((README|LICENSE)[^/]*|[^/]*\\.md)$");

  private CorpusFiles() {}

  /** A file of a corpus. The label is its name in document ids and messages. */
  record Entry(Path path, String label, TextFiles.Format format, Compression compression) {}

  /** Returns the files of a corpus in the order in which they are read. */
  static List<Entry> list(String corpus, TextFiles files) {
    Path root = files.path();
    if (Files.isDirectory(root)) {
      return inDirectory(corpus, files, root);
    }
    if (!Files.exists(root)) {
      throw data(corpus, root, "no such file or directory", "an existing file or directory");
    }
    Entry entry = entry(files, root, String.valueOf(root.getFileName()));
    return checked(corpus, files, List.of(entry));
  }

  /**
   * Returns an entry for each of the given files, with the format that its name denotes.
   *
   * @param names paths relative to the path of the corpus, with slashes
   * @param ofText the format to use if a file name denotes {@link TextFiles.Format#TEXT}
   */
  static List<Entry> listed(
      String corpus, TextFiles files, List<String> names, TextFiles.Format ofText) {
    List<Entry> entries = new ArrayList<>();
    for (String name : names) {
      Entry entry = entry(files, files.path().resolve(name), name);
      entries.add(
          entry.format() == TextFiles.Format.TEXT
              ? new Entry(entry.path(), name, ofText, entry.compression())
              : entry);
    }
    return checked(corpus, files, entries);
  }

  private static List<Entry> inDirectory(String corpus, TextFiles files, Path root) {
    List<Entry> entries =
        FolderFiles.names("corpus " + corpus, root).stream()
            .filter(
                name ->
                    files.format() == TextFiles.Format.BY_NAME || !DESCRIPTION.matcher(name).find())
            .map(name -> entry(files, root.resolve(name), name))
            .toList();
    if (entries.isEmpty()) {
      throw data(
          corpus,
          root,
          "the directory is empty",
          "at least one file whose name does not begin with a dot");
    }
    return checked(corpus, files, entries);
  }

  private static Entry entry(TextFiles files, Path path, String label) {
    Compression compression = Compression.ofName(label);
    TextFiles.Format format =
        files.format() == TextFiles.Format.BY_NAME
            ? FileFormats.ofName(compression.strip(label))
            : files.format();
    return new Entry(path, label, format, compression);
  }

  private static List<Entry> checked(String corpus, TextFiles files, List<Entry> entries) {
    List<Problem> problems = new ArrayList<>();
    for (Entry entry : entries) {
      if (Files.isReadable(entry.path())) {
        problems.addAll(FileFormats.problems(corpus, entry, files.textField()));
      } else {
        problems.add(
            new Problem(
                "corpus " + corpus + ": " + entry.path(),
                "the file cannot be read",
                "a readable file",
                "change the file's permissions"));
      }
    }
    MixlawException.throwIfAny(MixlawException.Kind.DATA, problems);
    return entries;
  }

  private static MixlawException data(String corpus, Path path, String actual, String expected) {
    return MixlawException.data(
        "corpus " + corpus + ": " + path, actual, expected, "change the path");
  }
}
