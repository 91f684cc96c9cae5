package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A path to text, whose format is recognised by the files at that path.
 *
 * <pre>{@code
 * Corpus web = TextPath.of(Path.of(arguments[0])).corpus();
 * }</pre>
 *
 * <ul>
 *   <li>A <em>file</em> is recognised by its extension: {@code .jsonl}, {@code .json}, {@code
 *       .ndjson}, {@code .txt}, {@code .text} (the file is one document), {@code .warc} and {@code
 *       .wet}, each also with {@code .gz} or {@code .zst}, and {@code .parquet}.
 *   <li>A <em>directory</em> is a Hugging Face dataset, as {@link HuggingFaceDataset} reads it, if
 *       its {@code README.md} has {@code configs}, if it has shards such as {@code
 *       data/train-00000-of-00005.parquet}, or if the name or directory of every file contains the
 *       word for a split and both {@code train} and another split occur.
 *   <li>For any other <em>directory</em>, all files with one of these extensions, including those
 *       in subdirectories, form one text, in the order of their names.
 * </ul>
 *
 * <p>Other files and names that begin with a dot are ignored. Some text needs more than a path: use
 * {@link MegatronTokens}, or {@link Corpus#lines} and {@link Corpus#directory} for files with other
 * extensions.
 *
 * @param path a file or a directory
 * @param textField the field of JSON records or the column of Parquet files that contains the text
 * @param badRecordFraction largest fraction of malformed records, as in {@link
 *     Corpus#badRecordFraction}
 */
public record TextPath(Path path, String textField, double badRecordFraction) {
  /** Patterns of the file names that are recognised as text, for messages. */
  public static final String FILE_NAMES = FileFormats.NAMES;

  /** Names of held-out splits in the order of preference. */
  private static final List<String> HELD_OUT = List.of("validation", "test");

  /** Checks that no component is null. */
  public TextPath {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(textField, "textField");
  }

  /** Returns the text at a path, with text field {@code text}. */
  public static TextPath of(Path path) {
    return new TextPath(path, "text", Corpus.DEFAULT_BAD_RECORD_FRACTION);
  }

  /** Returns a copy that reads the text from another field or column. */
  public TextPath textField(String field) {
    return new TextPath(path, field, badRecordFraction);
  }

  /** Returns a copy with another limit for malformed records. */
  public TextPath badRecordFraction(double fraction) {
    return new TextPath(path, textField, fraction);
  }

  /**
   * Lists the files and directories in this directory, each as a separate text, sorted by name.
   *
   * @throws MixlawException (data) if the directory cannot be listed
   */
  public List<TextPath> each() {
    return entries().filter(TextPath::recognized).toList();
  }

  /**
   * Returns the files and directories in this directory that are not text, sorted by name. Names
   * that begin with a dot are left out.
   *
   * @throws MixlawException (data) if the directory cannot be listed
   */
  public List<Path> ignored() {
    return entries().filter(text -> !text.recognized()).map(TextPath::path).toList();
  }

  private Stream<TextPath> entries() {
    try (Stream<Path> entries = Files.list(path)) {
      return entries
          .filter(entry -> !fileName(entry).startsWith("."))
          .sorted()
          .map(entry -> new TextPath(entry, textField, badRecordFraction))
          .toList()
          .stream();
    } catch (IOException e) {
      throw FolderFiles.unreadable("texts in " + path, path, e);
    }
  }

  /**
   * Returns whether the path is a file with a known extension or a directory with such a file.
   *
   * @throws MixlawException (data) if a directory cannot be listed
   */
  public boolean recognized() {
    return Files.isDirectory(path)
        ? !texts().isEmpty()
        : Files.isRegularFile(path) && FileFormats.named(fileName(path)).isPresent();
  }

  /**
   * Returns the text as a training corpus of kind natural, named after the file or directory. For a
   * dataset, this is the split {@code train} of the default configuration. No document is read
   * before the corpus is opened.
   *
   * @throws MixlawException (data) if the path does not exist or its format is unknown
   */
  public Corpus corpus() {
    check();
    return isDataset() ? split("train") : plain();
  }

  /**
   * Returns the text as an evaluation corpus. For a dataset, this is the split {@code validation},
   * otherwise {@code test}, otherwise its only split. For any other text, it is the same text as
   * {@link #corpus}.
   *
   * @throws MixlawException (data) for the same reasons as {@link #corpus}, or if a dataset has
   *     several splits and neither {@code validation} nor {@code test}
   */
  public Corpus heldOut() {
    check();
    if (!isDataset()) {
      return plain();
    }
    List<String> splits = DatasetFiles.splits(name(), path);
    return split(
        HELD_OUT.stream()
            .filter(splits::contains)
            .findFirst()
            .orElse(splits.size() == 1 ? splits.get(0) : HELD_OUT.get(0)));
  }

  /** Returns whether this is a dataset with a training split and a held-out split. */
  public boolean holdsOut() {
    if (!isDataset()) {
      return false;
    }
    List<String> splits = DatasetFiles.splits(name(), path);
    return splits.contains("train") && HELD_OUT.stream().anyMatch(splits::contains);
  }

  private boolean isDataset() {
    return Files.isDirectory(path) && DatasetFiles.isDataset(name(), path);
  }

  private Corpus split(String name) {
    return HuggingFaceDataset.in(path)
        .split(name)
        .textField(textField)
        .badRecordFraction(badRecordFraction)
        .corpus(name());
  }

  private Corpus plain() {
    Corpus all =
        Corpus.directory(path)
            .named(name())
            .textField(textField)
            .badRecordFraction(badRecordFraction);
    if (!Files.isDirectory(path)) {
      return all;
    }
    Corpus.Files files = all.files().orElseThrow();
    return Corpus.documents(
        name(),
        () ->
            new FileDocumentStream(
                name(),
                files,
                CorpusFiles.listed(name(), files, texts(), Corpus.Format.TEXT),
                Corpora.MAX_RECORD_BYTES));
  }

  private void check() {
    if (!Files.exists(path)) {
      throw problem("no such file or directory", "an existing path");
    }
    if (!recognized()) {
      throw problem(
          Files.isDirectory(path) ? "no text in this directory" : "unknown file extension",
          (Files.isDirectory(path) ? "files named " : "") + FILE_NAMES + hint());
    }
  }

  private String hint() {
    String name = fileName(path);
    return name.endsWith(".bin") || name.endsWith(".idx")
        ? "; MegatronTokens reads Megatron files with their tokenizer"
        : "";
  }

  private List<String> texts() {
    return FolderFiles.names("corpus " + name(), path).stream()
        .filter(DatasetFiles::isText)
        .toList();
  }

  /** Returns the name of a file up to its first dot, or the whole name of a directory. */
  private String name() {
    Path absolute = path.toAbsolutePath().normalize();
    return Files.isDirectory(path) ? fileName(absolute) : Corpus.text(absolute).name();
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private MixlawException problem(String actual, String expected) {
    return MixlawException.data("text " + path, actual, expected, "change the path");
  }
}
