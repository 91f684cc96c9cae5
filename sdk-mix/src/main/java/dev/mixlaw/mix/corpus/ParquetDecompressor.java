package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.Texts;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;

interface ParquetDecompressor {
  String SUPPORTED = "uncompressed, gzip, snappy, zstd, lz4_raw";

  /** Decompresses a page from {@code offset} on. The result has {@code size} bytes. */
  byte[] decompress(byte[] page, int offset, int size) throws IOException;

  static Optional<ParquetDecompressor> of(CompressionCodec codec) {
    return switch (codec) {
      case UNCOMPRESSED -> Optional.of(ParquetDecompressor::plain);
      case GZIP -> Optional.of(ParquetDecompressor::gunzip);
      case SNAPPY -> Optional.of(block(new SnappyDecompressor()));
      case ZSTD -> Optional.of(block(new ZstdDecompressor()));
      case LZ4_RAW -> Optional.of(block(new Lz4Decompressor()));
      default -> Optional.empty();
    };
  }

  private static byte[] plain(byte[] page, int offset, int size) throws IOException {
    return exactly(
        page.length - offset,
        size,
        offset == 0 ? page : Arrays.copyOfRange(page, offset, page.length));
  }

  private static byte[] gunzip(byte[] page, int offset, int size) throws IOException {
    try (InputStream in =
        new GZIPInputStream(new ByteArrayInputStream(page, offset, page.length - offset))) {
      byte[] out = in.readNBytes(size);
      return exactly(out.length + (in.read() < 0 ? 0 : 1), size, out);
    }
  }

  private static ParquetDecompressor block(Decompressor decompressor) {
    return (page, offset, size) -> {
      byte[] out = new byte[size];
      int length = decompressor.decompress(page, offset, page.length - offset, out, 0, size);
      return exactly(length, size, out);
    };
  }

  private static byte[] exactly(int length, int size, byte[] out) throws IOException {
    if (length != size) {
      throw new IOException(Texts.format("damaged page: %d bytes; expected %d", length, size));
    }
    return out;
  }
}
