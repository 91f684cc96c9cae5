package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.mix.internal.RecordCounts;
import dev.mixlaw.mix.internal.SplitSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The documents in the files of a corpus. Each file is a part that can be read independently.
 *
 * @param entries lists the files each time the documents are read
 */
record FileSource(String corpus, TextFiles files, Supplier<List<CorpusFiles.Entry>> entries)
    implements SplitSource {

  @Override
  public FileDocumentStream open() {
    return new FileDocumentStream(
        corpus,
        files,
        entries.get(),
        entry -> FileFormats.open(entry, files.textField(), Corpora.MAX_RECORD_BYTES));
  }

  @Override
  public List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    for (CorpusFiles.Entry entry : entries.get()) {
      parts.add(
          new FilePart(
              corpus,
              files.path().toUri(),
              entry.path().toUri(),
              entry.label(),
              entry.format(),
              entry.compression(),
              files.textField(),
              files.badRecordFraction(),
              parts.isEmpty()));
    }
    return parts;
  }

  @Override
  public RecordCounts counts() {
    return new RecordCounts(corpus, files.path().toString(), files.badRecordFraction(), true);
  }

  /**
   * A file, whose path must be valid in all processes that read it.
   *
   * @param first whether this is the first file of the corpus; for later files, the limit for
   *     malformed records cannot be checked before earlier files have been read
   */
  private record FilePart(
      String corpus,
      URI place,
      URI file,
      String label,
      TextFiles.Format format,
      Compression compression,
      String textField,
      double badRecordFraction,
      boolean first)
      implements Part {
    @Override
    public PartStream open() {
      TextFiles files = new TextFiles(Path.of(place), format, textField, badRecordFraction);
      return new FileDocumentStream(
          corpus,
          List.of(new CorpusFiles.Entry(Path.of(file), label, format, compression)),
          entry -> FileFormats.open(entry, textField, Corpora.MAX_RECORD_BYTES),
          new RecordCounts(corpus, files.path().toString(), badRecordFraction, first),
          true);
    }
  }
}
