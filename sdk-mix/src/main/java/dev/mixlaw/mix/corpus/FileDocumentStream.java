package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.mix.internal.RecordCounts;
import dev.mixlaw.mix.internal.SplitSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A stream of the documents in several files, which are read one after another. */
final class FileDocumentStream implements SplitSource.PartStream {
  private static final int LONGEST_MESSAGE = 500;

  private final String corpus;
  private final List<CorpusFiles.Entry> entries;
  private final RecordReaderFactory readers;
  private final RecordCounts counts;
  private boolean mayBeEmpty;
  private int nextEntry;
  private CorpusFiles.@Nullable Entry entry;
  private @Nullable RecordReader records;
  private @Nullable Document ready;

  @FunctionalInterface
  interface RecordReaderFactory {
    RecordReader open(CorpusFiles.Entry entry) throws IOException;
  }

  FileDocumentStream(
      String corpus,
      TextFiles files,
      List<CorpusFiles.Entry> entries,
      RecordReaderFactory readers) {
    this(
        corpus,
        entries,
        readers,
        new RecordCounts(corpus, files.path().toString(), files.badRecordFraction(), true),
        false);
  }

  /**
   * Creates a stream.
   *
   * @param mayBeEmpty whether there may be no document, because the files are a part of the corpus
   */
  FileDocumentStream(
      String corpus,
      List<CorpusFiles.Entry> entries,
      RecordReaderFactory readers,
      RecordCounts counts,
      boolean mayBeEmpty) {
    this.corpus = corpus;
    this.entries = List.copyOf(entries);
    this.readers = readers;
    this.counts = counts;
    this.mayBeEmpty = mayBeEmpty;
  }

  @Override
  public boolean hasNext() {
    while (ready == null) {
      if (records == null && !openNext()) {
        return false;
      }
      advance();
    }
    return true;
  }

  @Override
  public Document next() {
    if (!hasNext()) {
      throw new NoSuchElementException("corpus " + corpus + " has no more documents");
    }
    Document document = ready;
    ready = null;
    return document;
  }

  @Override
  public long skipped() {
    return counts.skipped();
  }

  @Override
  public List<String> skippedExamples() {
    return counts.examples();
  }

  @Override
  public RecordCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    nextEntry = entries.size();
    mayBeEmpty = true; // the stream may be closed before the first document
    ready = null;
    closeFile();
  }

  private boolean openNext() {
    if (nextEntry == entries.size()) {
      if (!mayBeEmpty) {
        counts.requireDocuments();
      }
      return false;
    }
    entry = entries.get(nextEntry++);
    try {
      records = readers.open(entry);
    } catch (IOException e) {
      throw unreadable(e, 1);
    }
    return true;
  }

  private void advance() {
    RecordReader in = records;
    try {
      if (!in.next()) {
        closeFile();
        return;
      }
      String text = in.text();
      if (!text.isBlank()) {
        boolean whole = entry.format() == TextFiles.Format.TEXT;
        ready = new Document(whole ? entry.label() : entry.label() + ":" + in.position(), text);
        counts.addDocument();
      }
    } catch (MalformedRecordException e) {
      skip(entry.label() + ":" + (in.position() + e.lineOffset) + ": " + e.getMessage(), e.blank);
    } catch (IOException e) {
      throw unreadable(e, in.position());
    }
  }

  private void skip(String example, boolean blank) {
    try {
      counts.skip(shortened(example), blank);
    } catch (MixlawException e) {
      close();
      throw e;
    }
  }

  private MixlawException unreadable(IOException cause, long record) {
    String subject = "corpus " + corpus + ": reading failed at " + entry.label() + ":";
    MixlawException e =
        new MixlawException(
            MixlawException.Kind.DATA,
            FileFormats.problem(subject + Math.max(1, record), entry, cause),
            cause);
    close();
    return e;
  }

  static String shortened(String message) {
    return message.length() > LONGEST_MESSAGE
        ? message.substring(0, LONGEST_MESSAGE) + "…"
        : message;
  }

  private void closeFile() {
    RecordReader open = records;
    records = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("corpus " + corpus + ": closing failed", e);
      }
    }
  }
}
