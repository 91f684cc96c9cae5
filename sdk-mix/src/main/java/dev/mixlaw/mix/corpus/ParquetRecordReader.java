package dev.mixlaw.mix.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.VersionParser;
import org.apache.parquet.VersionParser.ParsedVersion;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.jspecify.annotations.Nullable;

/** Reads the text column of a Parquet file. Keeps one page and one dictionary in memory. */
final class ParquetRecordReader implements RecordReader {
  private final ParquetFile file;
  private final ParquetTextColumn column;
  private final String field;
  private final int maxRecordBytes;
  private final @Nullable ParsedVersion writer;
  private final StrictUtf8Decoder utf8 = new StrictUtf8Decoder();
  private @Nullable ColumnReader rows;
  private int nextGroup;
  private long left;
  private long row;

  private ParquetRecordReader(ParquetFile file, String field, int maxRecordBytes)
      throws IOException {
    this.file = file;
    this.field = field;
    this.maxRecordBytes = maxRecordBytes;
    this.writer = writer(file.footer().getCreated_by());
    this.column = ParquetTextColumn.find(file.footer().getSchema(), field);
    requireReadable();
  }

  static ParquetRecordReader open(Path path, String field, int maxRecordBytes) throws IOException {
    ParquetFile file = ParquetFile.open(path);
    try {
      return new ParquetRecordReader(file, field, maxRecordBytes);
    } catch (IOException | RuntimeException e) { // a damaged footer may lack any part
      try (file) {
        throw e instanceof IOException io ? io : new IOException("damaged footer: " + e, e);
      }
    }
  }

  private void requireReadable() throws UnsuitableFileException {
    Set<String> refused = new TreeSet<>();
    for (RowGroup group : file.footer().getRow_groups()) {
      ColumnChunk chunk = group.getColumns().get(column.index());
      if (chunk.isSetCrypto_metadata() || !chunk.isSetMeta_data()) {
        refused.add("column \"" + field + "\" is encrypted");
      } else if (chunk.isSetFile_path()) {
        refused.add("column \"" + field + "\" is in another file, " + chunk.getFile_path());
      } else if (ParquetDecompressor.of(chunk.getMeta_data().getCodec()).isEmpty()) {
        refused.add("compressed with " + chunk.getMeta_data().getCodec());
      }
    }
    if (!refused.isEmpty()) {
      throw new UnsuitableFileException(
          String.join("; ", refused),
          "columns without encryption, compressed with one of " + ParquetDecompressor.SUPPORTED,
          "write the file with other settings");
    }
  }

  @Override
  public boolean next() throws IOException {
    try {
      if (left > 0) {
        row++;
        rows.consume();
        left--;
        return true;
      }
      while (nextGroup < file.footer().getRow_groupsSize()) {
        RowGroup group = file.footer().getRow_groups().get(nextGroup++);
        if (group.getNum_rows() > 0) {
          row++;
          rows = open(group);
          left = group.getNum_rows() - 1;
          return true;
        }
      }
      return false;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      // parquet-column throws these for invalid bytes, such as runs of two billion values.
      throw new IOException("damaged: " + e.getMessage(), e);
    }
  }

  private ColumnReader open(RowGroup group) throws IOException {
    ColumnMetaData chunk = group.getColumns().get(column.index()).getMeta_data();
    if (chunk.getNum_values() != group.getNum_rows()) {
      throw new IOException(
          "damaged: " + chunk.getNum_values() + " values for " + group.getNum_rows() + " rows");
    }
    long data = chunk.getData_page_offset();
    long dictionary = chunk.getDictionary_page_offset();
    // Without a dictionary, some writers state 0 or a position after the data.
    long start =
        chunk.isSetDictionary_page_offset() && dictionary > 0 && dictionary < data
            ? dictionary
            : data;
    if (start <= 0 || start >= file.footerStart()) {
      throw new IOException("damaged: the pages begin at byte " + start + ", outside the data");
    }
    ParquetDecompressor codec = ParquetDecompressor.of(chunk.getCodec()).orElseThrow();
    return new ColumnReaderImpl(
        column.descriptor(),
        new ParquetPageReader(file.stream(start), chunk, codec),
        new PrimitiveConverter() {},
        writer);
  }

  @Override
  public String text() throws IOException, MalformedRecordException {
    if (rows.getCurrentDefinitionLevel() < column.descriptor().getMaxDefinitionLevel()) {
      throw MalformedRecordException.blank("column \"" + field + "\" is null");
    }
    byte[] bytes;
    try {
      bytes = rows.getBinary().getBytesUnsafe();
    } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
      throw new IOException("damaged: " + e.getMessage(), e);
    }
    if (bytes.length > maxRecordBytes) {
      throw new MalformedRecordException("longer than " + maxRecordBytes + " bytes");
    }
    String text = utf8.decode(bytes, bytes.length).toString();
    if (text.isBlank()) {
      throw MalformedRecordException.blank("column \"" + field + "\" is empty");
    }
    return text;
  }

  @Override
  public long position() {
    return row;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Returns the program that wrote the file, so that parquet-column can work around its bugs. */
  private static @Nullable ParsedVersion writer(@Nullable String createdBy) {
    try {
      return createdBy == null ? null : VersionParser.parse(createdBy);
    } catch (VersionParser.VersionParseException | RuntimeException unknown) {
      return null;
    }
  }
}
