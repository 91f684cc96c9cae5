package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Text of which only the path is known, as where a user names it: what lies there tells how it is
 * read.
 *
 * <pre>{@code
 * Corpus web = TextPath.of(Path.of(arguments[0])).corpus();
 * }</pre>
 *
 * <ul>
 *   <li>A <em>file</em> by its name: {@code .jsonl} (also {@code .json}, {@code .ndjson}), {@code
 *       .txt} (also {@code .text}; the file is one document), {@code .warc} and {@code .wet}, each
 *       with {@code .gz} or {@code .zst} or without, and {@code .parquet}.
 *   <li>A folder that says of itself that it is a Hugging Face <em>dataset</em>, as {@link
 *       HuggingFaceDataset}: its {@code README.md} has {@code configs}, its files are shards such
 *       as {@code data/train-00000-of-00005.parquet}, or each of them is in a split by a word of
 *       its name or folder, {@code train} among them and another.
 *   <li>Any other <em>folder</em>: all such files in it and in folders within, in the order of
 *       their names, as one text.
 * </ul>
 *
 * <p>Whatever else lies in a folder is left alone, and so are names that begin with a dot. What
 * needs more than a path has its own words: {@link MegatronTokens}, and {@link Corpus#lines} and
 * {@link Corpus#directory} for files whose names tell nothing.
 *
 * @param path of a file or a folder
 * @param textField the field of JSON records, or the Parquet column, that holds the text
 */
public record TextPath(Path path, String textField) {
  /** Names of splits, the likelier one first. */
  private static final List<String> HELD_OUT = List.of("validation", "test");

  public TextPath {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(textField, "textField");
  }

  /** What is in a folder. */
  public record Listing(List<TextPath> texts, List<Path> others) {
    public Listing {
      texts = List.copyOf(texts);
      others = List.copyOf(others);
    }
  }

  /** Text with its own in the field or column {@code text}. */
  public static TextPath of(Path path) {
    return new TextPath(path, "text");
  }

  public TextPath textField(String field) {
    return new TextPath(path, field);
  }

  /**
   * The files and folders in a folder, each a text of its own, in the order of their names.
   *
   * @return those that are texts, and those that are not
   * @throws MixlawException (data) if the folder cannot be listed
   */
  public Listing each() {
    List<TextPath> texts = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    try (Stream<Path> entries = Files.list(path)) {
      for (Path entry : entries.filter(e -> !fileName(e).startsWith(".")).sorted().toList()) {
        TextPath text = new TextPath(entry, textField);
        if (text.recognized()) {
          texts.add(text);
        } else {
          others.add(entry);
        }
      }
    } catch (IOException e) {
      throw FolderFiles.unreadable("texts in " + path, path, e);
    }
    return new Listing(texts, others);
  }

  /**
   * Whether there is text: a file with such a name, or a folder that has one.
   *
   * @throws MixlawException (data) if a folder cannot be listed
   */
  public boolean recognized() {
    return Files.isDirectory(path)
        ? !texts().isEmpty()
        : Files.isRegularFile(path) && FileFormats.named(fileName(path)).isPresent();
  }

  /**
   * The text to train on, natural unless said otherwise, named after the file or folder: of a
   * dataset the split {@code train} of its default configuration. Its documents are not looked at
   * before it is opened.
   *
   * @throws MixlawException (data) if there is no such path, or nothing tells how to read it
   */
  public Corpus corpus() {
    check();
    return isDataset() ? split("train") : plain();
  }

  /**
   * The text to measure on: as {@link #corpus}, but of a dataset the split {@code validation}, else
   * {@code test}, else its only one.
   *
   * @throws MixlawException (data) as {@link #corpus}, or if a dataset has training text and other
   *     splits of which none is known to be held out
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

  /** Whether it is a dataset that has a split to train on and one that is held out. */
  public boolean holdsOut() {
    if (!isDataset()) {
      return false;
    }
    List<String> splits = DatasetFiles.splits(name(), path);
    return splits.contains("train") && HELD_OUT.stream().anyMatch(splits::contains);
  }

  private boolean isDataset() {
    return Files.isDirectory(path) && DatasetFiles.are(name(), path);
  }

  private Corpus split(String name) {
    return HuggingFaceDataset.in(path).split(name).textField(textField).corpus(name());
  }

  private Corpus plain() {
    Corpus all = Corpus.directory(path).named(name()).textField(textField);
    if (!Files.isDirectory(path)) {
      return all;
    }
    Corpus.Files files = (Corpus.Files) all.content();
    return Corpus.documents(
        name(),
        () ->
            new FileDocumentStream(
                name(),
                files,
                CorpusFiles.listed(name(), files, texts(), Corpus.Format.TEXT),
                FileCorpusReader.MAX_RECORD_BYTES));
  }

  private void check() {
    if (!Files.exists(path)) {
      throw problem("no such file or folder", "one that exists");
    }
    if (!recognized()) {
      throw problem(
          Files.isDirectory(path) ? "a folder without text" : "a name that tells no format",
          (Files.isDirectory(path) ? "files named " : "") + FileFormats.NAMES + hint());
    }
  }

  private String hint() {
    String name = fileName(path);
    return name.endsWith(".bin") || name.endsWith(".idx")
        ? "; Megatron's tokens are read by MegatronTokens, with their tokenizer"
        : "";
  }

  private List<String> texts() {
    return FolderFiles.names("corpus " + name(), path).stream().filter(DatasetFiles::text).toList();
  }

  /** A file's name up to its first dot; a folder's whole name. */
  private String name() {
    Path absolute = path.toAbsolutePath().normalize();
    return Files.isDirectory(path) ? fileName(absolute) : Corpus.text(absolute).name();
  }

  private static String fileName(Path path) {
    return String.valueOf(path.getFileName());
  }

  private MixlawException problem(String actual, String allowed) {
    return new MixlawException(
        MixlawException.Kind.DATA, new Problem("text " + path, actual, allowed, "the path"));
  }
}
