package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.CorpusReader;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.Utf8;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Opens corpora of every kind: documents that the application supplies, and files.
 *
 * <p>Files are read by the first {@link CorpusReader} that {@link ServiceLoader} finds for them. If
 * there is no such reader, files are read as JSON Lines, lines of text, whole text files, Parquet
 * or WARC:
 *
 * <ul>
 *   <li>Files with names ending in {@code .gz} or {@code .zst} are decompressed, with any number of
 *       members or frames. {@code .zst} needs {@code com.github.luben:zstd-jni}.
 *   <li>The files of a directory and of the directories in it are read in the order of their names.
 *       Symbolic links are followed. Names that begin with a dot are skipped, and so are the marker
 *       files of Spark; if the format is stated, README, LICENSE and Markdown files are skipped
 *       too.
 *   <li>The text field of a JSON record may be nested: {@code a.b} is the field {@code b} of the
 *       object {@code a}, or the field with the name {@code a.b}.
 *   <li>One column of a Parquet file is read, one text per row. {@code a.b} is the column {@code b}
 *       of the structure {@code a}. Parquet needs {@code org.apache.parquet:parquet-column}, {@code
 *       org.apache.parquet:parquet-format-structures} and {@code io.airlift:aircompressor}.
 *   <li>In a WARC file, the plain-text {@code conversion} records are read, as found in WET files.
 *       No text is extracted from web pages. WARC needs {@code org.netpreserve:jwarc}.
 *   <li>Text is UTF-8. A byte-order mark at the beginning of a file is skipped. Lines end in LF or
 *       CRLF. Blank lines are skipped.
 *   <li>The id of a document is {@code file:line}, {@code file:row} or {@code file:record}, counted
 *       from 1, or {@code file} if the file is the document. The file is named relative to the
 *       corpus's directory, with slashes.
 * </ul>
 *
 * <p>A record is malformed if it is not one JSON object, if its text field is missing or not a
 * string, if it is not valid Unicode, or if it is longer than {@value #MAX_RECORD_BYTES} bytes.
 * Malformed records are skipped and counted. Reading fails if there are more of them than {@link
 * Corpus#badRecordFraction} allows; the message shows the first few. A record whose text is null or
 * blank is skipped and counted without a limit. A truncated or damaged compressed file or Parquet
 * file makes reading fail at once, because the number of lost records is unknown. A corpus without
 * any document is also an error.
 *
 * <p>Memory holds a few buffers, the longest record, and for Parquet one page and one dictionary.
 */
public final class Corpora {
  /** Maximum size of a record in bytes. A record is a line, or a file that is one document. */
  public static final int MAX_RECORD_BYTES = 64 << 20;

  private Corpora() {}

  /**
   * Opens a corpus for one reading.
   *
   * @throws MixlawException (data) if there are problems before the first document is read, such as
   *     a missing file or library; the exception lists all of them
   */
  public static DocumentStream open(Corpus corpus) {
    return source(corpus).open();
  }

  /**
   * Returns the documents of a corpus. If the corpus is an excerpt, the first reading also reads
   * the whole corpus once to find its size.
   */
  public static DocumentSource source(Corpus corpus) {
    int last = corpus.excerpts().size() - 1;
    if (last < 0) {
      return () -> whole(corpus);
    }
    DocumentSource all = source(corpus.withExcerpts(corpus.excerpts().subList(0, last)));
    long bytes = corpus.excerpts().get(last);
    AtomicLong size = new AtomicLong(-1);
    return () -> excerpt(all, bytes, size);
  }

  private static DocumentStream whole(Corpus corpus) {
    if (corpus.source().isPresent()) {
      return corpus.source().get().open();
    }
    Corpus.Files files = corpus.files().orElseThrow();
    for (CorpusReader reader : readers()) {
      if (reader.reads(files)) {
        return reader.open(corpus);
      }
    }
    return new FileDocumentStream(
        corpus.name(), files, CorpusFiles.list(corpus.name(), files), MAX_RECORD_BYTES);
  }

  /** The readers that this class's loader finds. They are looked up only once. */
  private static final class Registered {
    static final List<CorpusReader> READERS = readers(Corpora.class.getClassLoader());
  }

  private static List<CorpusReader> readers() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    if (context == null || context == Corpora.class.getClassLoader() || !sharesPort(context)) {
      return Registered.READERS;
    }
    List<CorpusReader> readers = new ArrayList<>(Registered.READERS);
    readers.addAll(readers(context));
    return readers;
  }

  private static List<CorpusReader> readers(ClassLoader loader) {
    return ServiceLoader.load(CorpusReader.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }

  /**
   * Returns whether a class loader shares this copy of the API. If it does not, its readers are not
   * subtypes of this {@link CorpusReader}.
   */
  private static boolean sharesPort(ClassLoader loader) {
    try {
      return loader.loadClass(CorpusReader.class.getName()) == CorpusReader.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Opens a sample of documents with about the given number of bytes, spread evenly over the
   * corpus.
   */
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
   * Selects a document whenever the bytes selected so far are less than their share of the bytes
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
