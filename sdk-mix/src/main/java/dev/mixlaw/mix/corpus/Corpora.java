package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Shingles;
import dev.mixlaw.mix.internal.Utf8;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Opens corpora whose documents come from the application or from files, and removes near
 * duplicates.
 *
 * <p>Files are read as JSON Lines, lines of text, whole text files, Parquet or WARC, by the
 * following rules:
 *
 * <ul>
 *   <li>Files whose names end in {@code .gz} or {@code .zst} are decompressed. Compressed files may
 *       have any number of members or frames. Reading {@code .zst} files requires {@code
 *       com.github.luben:zstd-jni}.
 *   <li>The files of a directory and its subdirectories are read in the order of their names.
 *       Symbolic links are followed. Files whose names begin with a dot and the marker files of
 *       Spark are skipped. If the corpus states its format, README, LICENSE and Markdown files are
 *       also skipped.
 *   <li>The text field of a JSON record may be nested. The name {@code a.b} denotes the field
 *       {@code b} of the object {@code a}, or a field that is itself named {@code a.b}.
 *   <li>One column of a Parquet file is read, and each row is a document. The name {@code a.b}
 *       denotes the column {@code b} of the structure {@code a}. Reading Parquet files requires
 *       {@code org.apache.parquet:parquet-column}, {@code
 *       org.apache.parquet:parquet-format-structures} and {@code io.airlift:aircompressor}.
 *   <li>Only the plain-text {@code conversion} records of WARC files are read, as found in WET
 *       files. No text is extracted from web pages. Reading WARC files requires {@code
 *       org.netpreserve:jwarc}.
 *   <li>Text must be encoded in UTF-8. A byte-order mark at the beginning of a file is skipped.
 *       Lines end in LF or CRLF. Blank lines are skipped.
 *   <li>The id of a document is {@code file:line}, {@code file:row} or {@code file:record}, where
 *       numbers start at 1. If a file is one document, its id is {@code file}. File names are
 *       relative to the directory of the corpus and use slashes.
 * </ul>
 *
 * <p>A record is malformed if it is not a single JSON object, if its text field is missing or not a
 * string, if it is not valid Unicode, or if it is longer than {@value #MAX_RECORD_BYTES} bytes.
 * Malformed records are skipped and counted. Reading fails if there are more of them than {@link
 * Corpus#badRecordFraction} allows. The exception message quotes the first few malformed records.
 * Records with null or blank text are also skipped and counted, but their number is not limited.
 * Reading fails immediately if a compressed file or a Parquet file is truncated or damaged, because
 * the number of lost records is unknown. Reading also fails if the corpus has no documents.
 *
 * <p>At any time, memory holds a few buffers and one record, and for Parquet also one page and one
 * dictionary.
 */
public final class Corpora {
  /**
   * The maximum size of a record in bytes. A record is a line, or a whole file if the file is one
   * document.
   */
  public static final int MAX_RECORD_BYTES = 64 << 20;

  private Corpora() {}

  /**
   * Opens a corpus for reading its documents once.
   *
   * @throws MixlawException (data) if problems are found before the first document is read, such as
   *     a missing file or library; the exception lists all of them
   */
  public static DocumentStream open(Corpus corpus) {
    return source(corpus).open();
  }

  /**
   * Returns the documents of a corpus, which can be read any number of times. If the corpus is an
   * excerpt, the first reading also reads the whole corpus to determine its size.
   */
  public static DocumentSource source(Corpus corpus) {
    int last = corpus.excerpts().size() - 1;
    if (last < 0) {
      return corpus.source().orElseGet(() -> files(corpus));
    }
    DocumentSource all = source(corpus.withExcerpts(corpus.excerpts().subList(0, last)));
    long bytes = corpus.excerpts().get(last);
    AtomicLong size = new AtomicLong(-1);
    return () -> excerpt(all, bytes, size);
  }

  /**
   * Returns documents without exact and near duplicates. The documents are filtered each time the
   * result is read, always with the same outcome.
   *
   * <p>Documents are read in order. A document is removed if more than a given fraction of its
   * 13-word shingles occurs anywhere in the documents that were kept before it. Shingles are
   * compared by 64-bit hashes. About 20 bytes of memory are needed for each word that is kept.
   *
   * @param mostSeen the maximum fraction of a document's shingles that may occur in earlier
   *     documents, from 0 to 1
   * @throws IllegalArgumentException if {@code mostSeen} is out of range
   */
  public static DocumentSource withoutNearDuplicates(DocumentSource documents, double mostSeen) {
    if (!(mostSeen >= 0 && mostSeen <= 1)) {
      throw new IllegalArgumentException("mostSeen: " + mostSeen + "; expected 0 to 1");
    }
    return () -> novel(documents.open(), mostSeen);
  }

  private static DocumentStream novel(DocumentStream documents, double mostSeen) {
    LongHashSet seen = new LongHashSet();
    Predicate<Document> isNovel =
        document -> {
          long[] shingles = Shingles.of(document.text());
          boolean keep = seen.countOf(shingles) <= mostSeen * shingles.length;
          if (keep) {
            seen.addAll(shingles);
          }
          return keep;
        };
    return new FilteredDocumentStream(documents, isNovel);
  }

  private static DocumentSource files(Corpus corpus) {
    TextFiles files = corpus.files().orElseThrow();
    return new FileSource(corpus.name(), files, () -> CorpusFiles.list(corpus.name(), files));
  }

  /** Returns a corpus in the given files, as described for {@link CorpusFiles#listed}. */
  static Corpus listed(
      String corpus, TextFiles files, Supplier<List<String>> names, TextFiles.Format ofText) {
    return Corpus.documents(
        corpus,
        new FileSource(
            corpus, files, () -> CorpusFiles.listed(corpus, files, names.get(), ofText)));
  }

  /** Opens a sample of documents with about {@code bytes} bytes, spread evenly over the corpus. */
  private static DocumentStream excerpt(DocumentSource all, long bytes, AtomicLong size) {
    if (size.get() < 0) {
      AtomicLong sum = new AtomicLong();
      Documents.each(all.open(), document -> sum.addAndGet(Utf8.length(document.text())));
      size.set(sum.get());
    }
    return size.get() <= bytes
        ? all.open()
        : new FilteredDocumentStream(all.open(), new EvenSelection((double) bytes / size.get()));
  }

  /**
   * Selects a document if the selected bytes so far are fewer than the given share of the bytes
   * read.
   */
  private static final class EvenSelection implements Predicate<Document> {
    private final double share;
    private long read;
    private long selected;

    EvenSelection(double share) {
      this.share = share;
    }

    @Override
    public boolean test(Document document) {
      long length = Utf8.length(document.text());
      boolean select = selected < share * (read + length / 2.0);
      selected += select ? length : 0;
      read += length;
      return select;
    }
  }
}
