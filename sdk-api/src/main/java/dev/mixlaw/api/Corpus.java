package dev.mixlaw.api;

import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.api.internal.TextFiles.Format;
import dev.mixlaw.api.results.CorpusKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A named source of documents.
 *
 * <p>Creating a corpus reads no files. {@link Lab#plan} reports missing files.
 *
 * @param name unique in a study; consists of letters, digits and {@code . _ -}; by default, the
 *     file name without its extensions
 * @param kind how the text was written; {@link CorpusKind#NATURAL} by default
 * @param generator the model that wrote the text; empty for natural text
 * @param files the files that contain the documents, as given to a static method such as {@link
 *     #jsonl}; empty if the application supplies the documents
 * @param source the documents that the application supplies; empty if the documents are in files
 * @param excerpts sizes in bytes of successive excerpts, each taken from the previous one; if the
 *     list is empty, the corpus contains all documents
 */
public record Corpus(
    String name,
    CorpusKind kind,
    Optional<String> generator,
    Optional<TextFiles> files,
    Optional<DocumentSource> source,
    List<Long> excerpts) {
  /** Default of {@link #badRecordFraction}. */
  public static final double DEFAULT_BAD_RECORD_FRACTION = 0.01;

  /**
   * Checks that the documents come either from files or from a source.
   *
   * @throws IllegalArgumentException if both files and a source are given, or neither
   */
  public Corpus {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(generator, "generator");
    excerpts = List.copyOf(excerpts);
    if (files.isPresent() == source.isPresent()) {
      throw new IllegalArgumentException(
          "corpus " + name + ": " + files + " and " + source + "; expected files or a source");
    }
  }

  /**
   * Returns a corpus with one JSON object per line; the text of a document is in the field {@code
   * text}.
   */
  public static Corpus jsonl(Path file) {
    return files(file, Format.JSONL);
  }

  /** Returns a corpus in which each file is one document. */
  public static Corpus text(Path file) {
    return files(file, Format.TEXT);
  }

  /** Returns a corpus with one document per line. */
  public static Corpus lines(Path file) {
    return files(file, Format.LINES);
  }

  /**
   * Returns a corpus with one document per row; the text is in the column {@code text}.
   *
   * @param path a Parquet file or a directory of such files
   */
  public static Corpus parquet(Path path) {
    return files(path, Format.PARQUET);
  }

  /**
   * Returns a corpus with one document per {@code conversion} record of a web archive. A {@code
   * conversion} record contains plain text.
   *
   * @param path a WARC or WET file or a directory of such files
   */
  public static Corpus warc(Path path) {
    return files(path, Format.WARC);
  }

  /**
   * Returns a corpus of all files below a directory. The extension of each file indicates its
   * format: Parquet for {@code .parquet}, one JSON object per line for {@code .jsonl} and {@code
   * .json}, one document per record for {@code .warc} and {@code .wet}, and one document per file
   * otherwise.
   */
  public static Corpus directory(Path directory) {
    return files(directory, Format.BY_NAME);
  }

  /** Returns a corpus of documents that the application supplies. */
  public static Corpus documents(String name, DocumentSource source) {
    return new Corpus(
        name,
        CorpusKind.NATURAL,
        Optional.empty(),
        Optional.empty(),
        Optional.of(source),
        List.of());
  }

  private static Corpus files(Path path, Format format) {
    return new Corpus(
        stem(path),
        CorpusKind.NATURAL,
        Optional.empty(),
        Optional.of(new TextFiles(path, format, "text", DEFAULT_BAD_RECORD_FRACTION)),
        Optional.empty(),
        List.of());
  }

  private static String stem(Path path) {
    Path last = path.getFileName();
    String name = last == null ? "corpus" : last.toString();
    int dot = name.indexOf('.', 1);
    return Names.ofFile(dot < 0 ? name : name.substring(0, dot));
  }

  /**
   * Returns a sample of whole documents that are spread evenly over this corpus. If this corpus is
   * smaller than the sample, the sample contains all its documents.
   *
   * @param bytes size of the sample in bytes of UTF-8 text, at least 1; the sample may exceed it by
   *     less than one document
   */
  public Corpus excerpt(long bytes) {
    List<Long> more = new ArrayList<>(excerpts);
    more.add(bytes);
    return withExcerpts(more);
  }

  /** Returns a copy of this corpus with the given name. */
  public Corpus named(String newName) {
    return new Corpus(newName, kind, generator, files, source, excerpts);
  }

  /** Returns a copy of this corpus that is marked as natural text. */
  public Corpus natural() {
    return of(CorpusKind.NATURAL, Optional.empty());
  }

  /** Returns a copy of this corpus that is marked as natural text rephrased by the given model. */
  public Corpus rephrased(String by) {
    return of(CorpusKind.REPHRASED, Optional.of(by));
  }

  /**
   * Returns a copy of this corpus that is marked as textbook-like text written by the given model.
   */
  public Corpus textbook(String by) {
    return of(CorpusKind.TEXTBOOK, Optional.of(by));
  }

  /**
   * Returns a copy of this corpus that is marked as other synthetic text written by the given
   * model.
   */
  public Corpus other(String by) {
    return of(CorpusKind.OTHER, Optional.of(by));
  }

  /**
   * Returns a copy of this corpus that reads the text of documents from the given field.
   *
   * @param field name of a field of JSON records or of a Parquet column; {@code text} by default
   * @throws IllegalStateException if this corpus is not read from files
   */
  public Corpus textField(String field) {
    return with(
        "textField", f -> new TextFiles(f.path(), f.format(), field, f.badRecordFraction()));
  }

  /**
   * Returns a copy of this corpus with the given limit on malformed records, which are skipped and
   * counted. Reading fails when more than 100 records, and more than this fraction of the records
   * read so far, are malformed. Records without text are always skipped and do not count as
   * malformed.
   *
   * @param fraction largest fraction, from 0 to 1; 0.01 by default; if it is 0, reading fails at
   *     the first malformed record
   * @throws IllegalStateException if this corpus is not read from files
   */
  public Corpus badRecordFraction(double fraction) {
    return with(
        "badRecordFraction", f -> new TextFiles(f.path(), f.format(), f.textField(), fraction));
  }

  /** Returns a copy of this corpus with the given {@link #excerpts}. */
  public Corpus withExcerpts(List<Long> newExcerpts) {
    return new Corpus(name, kind, generator, files, source, newExcerpts);
  }

  /** Returns a copy of this corpus whose documents come from the given source. */
  public Corpus with(DocumentSource documents) {
    return new Corpus(name, kind, generator, Optional.empty(), Optional.of(documents), List.of());
  }

  private Corpus of(CorpusKind newKind, Optional<String> newGenerator) {
    return new Corpus(name, newKind, newGenerator, files, source, excerpts);
  }

  private Corpus with(String setting, UnaryOperator<TextFiles> change) {
    if (files.isEmpty()) {
      throw new IllegalStateException(
          "corpus %s: %s: the application supplies the documents; expected a corpus in files"
              .formatted(name, setting));
    }
    return new Corpus(name, kind, generator, files.map(change), source, excerpts);
  }
}
