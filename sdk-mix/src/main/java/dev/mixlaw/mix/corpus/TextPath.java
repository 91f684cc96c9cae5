package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.TextFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A path to a file or directory with text, whose format is detected from the file names.
 *
 * <pre>{@code
 * Corpus web = TextPath.of(Path.of(arguments[0])).corpus();
 * }</pre>
 *
 * <ul>
 *   <li>The format of a <em>file</em> is recognized by its extension: {@code .jsonl}, {@code
 *       .json}, {@code .ndjson}, {@code .txt}, {@code .text} (the file is one document), {@code
 *       .warc} and {@code .wet}, each also with {@code .gz} or {@code .zst}, and {@code .parquet}.
 *   <li>A <em>directory</em> is read as a {@link HuggingFaceDataset} if its {@code README.md} has
 *       {@code configs}, or if it has shards such as {@code data/train-00000-of-00005.parquet}. A
 *       directory is also read as a dataset if the path of every file contains the name of a split
 *       and there are files of {@code train} and of another split.
 *   <li>In any other <em>directory</em>, all files with one of these extensions form one text, in
 *       the order of their names. Subdirectories are included.
 * </ul>
 *
 * <p>Other files are ignored, and so are files whose names begin with a dot. For text that a path
 * alone does not describe, use {@link MegatronTokens}, {@link Corpus#lines} or {@link
 * Corpus#directory}.
 *
 * @param path a file or a directory
 * @param textField the field of JSON records or the column of Parquet files that contains the text
 * @param badRecordFraction largest fraction of malformed records, as in {@link
 *     Corpus#badRecordFraction}
 */
public record TextPath(Path path, String textField, double badRecordFraction) {
  /** The file name patterns of text files, for use in messages. */
  public static final String FILE_NAMES = FileFormats.NAMES;

  /** The names of held-out splits, in the order of preference. */
  private static final List<String> HELD_OUT = List.of("validation", "test");

  /** Checks that no component is {@code null}. */
  public TextPath {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(textField, "textField");
  }

  /**
   * Returns the text at a path. JSON records and Parquet files are read from the field or column
   * {@code text}.
   */
  public static TextPath of(Path path) {
    return new TextPath(path, "text", Corpus.DEFAULT_BAD_RECORD_FRACTION);
  }

  /** Returns a copy of this path whose text is read from another field or column. */
  public TextPath textField(String field) {
    return new TextPath(path, field, badRecordFraction);
  }

  /** Returns a copy of this path with another limit for malformed records. */
  public TextPath badRecordFraction(double fraction) {
    return new TextPath(path, textField, fraction);
  }

  /**
   * Returns a separate text for each file and subdirectory of this directory that contains text,
   * sorted by name.
   *
   * @throws MixlawException (data) if the directory cannot be listed
   */
  public List<TextPath> each() {
    return entries().filter(TextPath::recognized).toList();
  }

  /**
   * Returns the files and subdirectories of this directory that contain no text, sorted by name.
   * Names that begin with a dot are omitted.
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
   * Returns whether the path is a file with a known extension, or a directory that contains such a
   * file.
   *
   * @throws MixlawException (data) if a directory cannot be listed
   */
  public boolean recognized() {
    return Files.isDirectory(path)
        ? !texts().isEmpty()
        : Files.isRegularFile(path) && FileFormats.named(fileName(path)).isPresent();
  }

  /**
   * Returns the text as a training corpus of natural text, named after the file or directory. For a
   * dataset, the corpus is the split {@code train} of the default configuration. Documents are read
   * only when the corpus is opened.
   *
   * @throws MixlawException (data) if the path does not exist or its format is unknown
   */
  public Corpus corpus() {
    check();
    return isDataset() ? split("train") : plain();
  }

  /**
   * Returns the text as an evaluation corpus. For a dataset, the corpus is the split {@code
   * validation} if it exists, otherwise {@code test}, otherwise the only split. For any other text,
   * the corpus has the same documents as {@link #corpus}.
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

  /** Returns whether the path is a dataset with a training split and a held-out split. */
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
    if (!Files.isDirectory(path)) {
      return Corpus.directory(path)
          .named(name())
          .textField(textField)
          .badRecordFraction(badRecordFraction);
    }
    TextFiles files = new TextFiles(path, TextFiles.Format.BY_NAME, textField, badRecordFraction);
    return Corpora.listed(name(), files, this::texts, TextFiles.Format.TEXT);
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

  /** Returns the file name up to its first dot, or the full name of a directory. */
  private String name() {
    Path absolute = path.toAbsolutePath().normalize();
    return Files.isDirectory(path)
        ? Names.ofFile(fileName(absolute))
        : Corpus.text(absolute).name();
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private MixlawException problem(String actual, String expected) {
    return MixlawException.data("text " + path, actual, expected, "change the path");
  }
}
