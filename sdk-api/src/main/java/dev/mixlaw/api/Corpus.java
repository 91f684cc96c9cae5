package dev.mixlaw.api;

import dev.mixlaw.api.results.CorpusKind;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A named source of documents.
 *
 * <p>Nothing is read when a corpus is described; a missing file is found by {@link Lab#plan}.
 *
 * @param name unique in a study; letters, digits, {@code . _ -}; the file name's stem by default
 * @param kind how the text came to be; {@link CorpusKind#NATURAL} by default
 * @param generator the model that wrote a synthetic corpus
 * @param content where the documents are
 */
public record Corpus(String name, CorpusKind kind, Optional<String> generator, Content content) {
  public Corpus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(generator, "generator");
    Objects.requireNonNull(content, "content");
  }

  /** Where the documents of a corpus are. */
  public sealed interface Content {}

  /**
   * Documents in files. Names ending in {@code .gz} and {@code .zst} are decompressed.
   *
   * @param path a file, or a directory whose files are read in the order of their names
   * @param format how a file holds documents
   * @param textField the field of a JSON record, or the Parquet column, that holds the text
   * @param badRecordLimit how many malformed records are skipped and counted before it is an error
   */
  public record Files(Path path, Format format, String textField, long badRecordLimit)
      implements Content {
    public Files {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(format, "format");
      Objects.requireNonNull(textField, "textField");
    }
  }

  /** Documents that the application supplies. */
  public record Supplied(DocumentSource source) implements Content {
    public Supplied {
      Objects.requireNonNull(source, "source");
    }
  }

  /**
   * Documents spread evenly over others, for a quick study or a cheap domain.
   *
   * @param of all of them
   * @param bytes of UTF-8 text, exceeded by less than a document
   */
  public record Excerpt(Content of, long bytes) implements Content {
    public Excerpt {
      Objects.requireNonNull(of, "of");
    }
  }

  /** How a file holds documents. */
  public enum Format {
    /** One JSON object a line. */
    JSONL,
    /** One document a file. */
    TEXT,
    /** One document a line. */
    LINES,
    /** One document a row of a Parquet file. */
    PARQUET,
    /**
     * One document a {@code conversion} record of a web archive, as in Common Crawl's WET files.
     */
    WARC,
    /**
     * Told from each file's name: {@code .jsonl} or {@code .json} lines, {@code .parquet} rows,
     * {@code .warc} or {@code .wet} records, anything else text.
     */
    BY_NAME
  }

  /** Default of {@link Files#badRecordLimit}. */
  public static final long DEFAULT_BAD_RECORD_LIMIT = 100;

  /** One JSON object a line, its text in the field {@code text}; may be compressed. */
  public static Corpus jsonl(Path file) {
    return files(file, Format.JSONL);
  }

  /** One document: the whole file; may be compressed. */
  public static Corpus text(Path file) {
    return files(file, Format.TEXT);
  }

  /** One document a line; may be compressed. */
  public static Corpus lines(Path file) {
    return files(file, Format.LINES);
  }

  /** One row a document, its text in the column {@code text}; a file or a directory of them. */
  public static Corpus parquet(Path path) {
    return files(path, Format.PARQUET);
  }

  /** The texts of a web archive: {@code conversion} records of plain text; may be compressed. */
  public static Corpus warc(Path path) {
    return files(path, Format.WARC);
  }

  /** All files below a directory, each read as its name says. */
  public static Corpus directory(Path directory) {
    return files(directory, Format.BY_NAME);
  }

  /** Documents that the application supplies. */
  public static Corpus documents(String name, DocumentSource source) {
    return new Corpus(name, CorpusKind.NATURAL, Optional.empty(), new Supplied(source));
  }

  private static Corpus files(Path path, Format format) {
    return new Corpus(
        stem(path),
        CorpusKind.NATURAL,
        Optional.empty(),
        new Files(path, format, "text", DEFAULT_BAD_RECORD_LIMIT));
  }

  private static String stem(Path path) {
    Path last = path.getFileName();
    String name = last == null ? "corpus" : last.toString();
    int dot = name.indexOf('.', 1);
    return dot < 0 ? name : name.substring(0, dot);
  }

  /**
   * About so much of it: whole documents, spread evenly from the first to the last. All of it if
   * there is no more.
   *
   * @param bytes of UTF-8 text, exceeded by less than a document
   */
  public Corpus excerpt(long bytes) {
    return with(new Excerpt(content, bytes));
  }

  public Corpus named(String newName) {
    return new Corpus(newName, kind, generator, content);
  }

  /** Written by people. */
  public Corpus natural() {
    return new Corpus(name, CorpusKind.NATURAL, Optional.empty(), content);
  }

  /** Natural text said again by the named generator. */
  public Corpus rephrased(String by) {
    return new Corpus(name, CorpusKind.REPHRASED, Optional.of(by), content);
  }

  /** Textbook-like text by the named generator. */
  public Corpus textbook(String by) {
    return new Corpus(name, CorpusKind.TEXTBOOK, Optional.of(by), content);
  }

  /** Other text by the named generator. */
  public Corpus other(String by) {
    return new Corpus(name, CorpusKind.OTHER, Optional.of(by), content);
  }

  /**
   * The field of a JSON record, or the Parquet column, that holds the text; {@code text} by
   * default.
   *
   * @throws IllegalStateException if the corpus is not in files
   */
  public Corpus textField(String field) {
    return with(
        changed(
            content, "textField", f -> new Files(f.path(), f.format(), field, f.badRecordLimit())));
  }

  /**
   * How many malformed records are skipped and counted before it is an error; 100 by default.
   *
   * @throws IllegalStateException if the corpus is not in files
   */
  public Corpus badRecordLimit(long limit) {
    return with(
        changed(
            content, "badRecordLimit", f -> new Files(f.path(), f.format(), f.textField(), limit)));
  }

  /** The same with other documents. */
  public Corpus with(Content newContent) {
    return new Corpus(name, kind, generator, newContent);
  }

  private Content changed(Content of, String setting, UnaryOperator<Files> change) {
    if (of instanceof Files f) {
      return change.apply(f);
    }
    if (of instanceof Excerpt e) {
      return new Excerpt(changed(e.of(), setting, change), e.bytes());
    }
    throw new IllegalStateException(
        setting + ": corpus " + name + " is supplied by the application, not read from files");
  }
}
