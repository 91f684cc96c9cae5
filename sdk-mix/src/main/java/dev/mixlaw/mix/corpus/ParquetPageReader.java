package dev.mixlaw.mix.corpus;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/**
 * Reads the pages of a column chunk on demand. {@link PageReader} declares no {@link IOException},
 * so errors are thrown as {@link UncheckedIOException}.
 */
final class ParquetPageReader implements PageReader {
  /** The maximum size of a page in bytes. Most pages have about 1 MB. */
  private static final int LARGEST_PAGE = 128 << 20;

  private final InputStream in;
  private final ParquetDecompressor codec;
  private final long values;
  private final long mostBytes;
  private @Nullable PageHeader ahead;

  /** Creates a reader of a column chunk. The stream {@code in} must be at the first page. */
  ParquetPageReader(InputStream in, ColumnMetaData chunk, ParquetDecompressor codec) {
    this.in = in;
    this.codec = codec;
    this.values = chunk.getNum_values();
    this.mostBytes = chunk.getTotal_uncompressed_size();
  }

  @Override
  public long getTotalValueCount() {
    return values;
  }

  @Override
  public @Nullable DictionaryPage readDictionaryPage() {
    try {
      PageHeader header = header();
      if (header.getType() != PageType.DICTIONARY_PAGE) {
        ahead = header;
        return null;
      }
      DictionaryPageHeader dictionary = header.getDictionary_page_header();
      byte[] page = codec.decompress(body(header), 0, header.getUncompressed_page_size());
      return new DictionaryPage(
          BytesInput.from(page), dictionary.getNum_values(), encoding(dictionary.getEncoding()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public DataPage readPage() {
    try {
      PageHeader header = header();
      while (header.getType() != PageType.DATA_PAGE && header.getType() != PageType.DATA_PAGE_V2) {
        body(header);
        header = header();
      }
      return header.getType() == PageType.DATA_PAGE ? pageV1(header) : pageV2(header);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DataPage pageV1(PageHeader header) throws IOException {
    DataPageHeader data = header.getData_page_header();
    byte[] page = codec.decompress(body(header), 0, header.getUncompressed_page_size());
    return new DataPageV1(
        BytesInput.from(page),
        data.getNum_values(),
        page.length,
        null,
        encoding(data.getRepetition_level_encoding()),
        encoding(data.getDefinition_level_encoding()),
        encoding(data.getEncoding()));
  }

  /** Reads a version 2 page, whose levels come first and are never compressed. */
  private DataPage pageV2(PageHeader header) throws IOException {
    DataPageHeaderV2 data = header.getData_page_header_v2();
    byte[] body = body(header);
    int repetition = data.getRepetition_levels_byte_length();
    int levels = repetition + data.getDefinition_levels_byte_length();
    if (repetition < 0 || levels < repetition || levels > body.length) {
      throw new IOException(
          "damaged page: levels take " + levels + " of " + body.length + " bytes");
    }
    int size = header.getUncompressed_page_size() - levels;
    boolean packed = (!data.isSetIs_compressed() || data.isIs_compressed()) && size > 0;
    BytesInput values =
        packed
            ? BytesInput.from(codec.decompress(body, levels, size))
            : BytesInput.from(body, levels, body.length - levels);
    return DataPageV2.uncompressed(
        data.getNum_rows(),
        data.getNum_nulls(),
        data.getNum_values(),
        BytesInput.from(body, 0, repetition),
        BytesInput.from(body, repetition, levels - repetition),
        encoding(data.getEncoding()),
        values,
        null);
  }

  private PageHeader header() throws IOException {
    PageHeader header = ahead;
    ahead = null;
    return header == null ? Util.readPageHeader(in) : header;
  }

  private byte[] body(PageHeader header) throws IOException {
    int size = header.getCompressed_page_size();
    int whole = header.getUncompressed_page_size();
    if (size < 0 || whole < 0 || whole > mostBytes) {
      throw new IOException(
          "damaged page header: compressed size " + size + ", decompressed size " + whole);
    }
    if (Math.max(size, whole) > LARGEST_PAGE) {
      throw new UnsuitableFileException(
          "a page of " + Math.max(size, whole) + " bytes; expected at most " + LARGEST_PAGE,
          "write the file with smaller pages");
    }
    byte[] page = in.readNBytes(size);
    if (page.length < size) {
      throw new EOFException("truncated page: " + page.length + " of " + size + " bytes");
    }
    if (header.isSetCrc()) {
      CRC32 crc = new CRC32();
      crc.update(page);
      if ((int) crc.getValue() != header.getCrc()) {
        throw new IOException("damaged page: its checksum does not match");
      }
    }
    return page;
  }

  private static Encoding encoding(org.apache.parquet.format.@Nullable Encoding encoding)
      throws IOException {
    if (encoding == null) {
      throw new IOException("unknown encoding");
    }
    return Encoding.valueOf(encoding.name());
  }
}
