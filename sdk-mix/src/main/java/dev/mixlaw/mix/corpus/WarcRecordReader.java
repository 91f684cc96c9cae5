package dev.mixlaw.mix.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.netpreserve.jwarc.MediaType;
import org.netpreserve.jwarc.WarcConversion;
import org.netpreserve.jwarc.WarcReader;
import org.netpreserve.jwarc.WarcRecord;
import org.netpreserve.jwarc.WarcResponse;

/** Reads the {@code conversion} records of plain text in a WARC file, as WET files have them. */
final class WarcRecordReader implements RecordReader {
  private final WarcReader reader;
  private final int maxRecordBytes;
  private final StrictUtf8Decoder utf8 = new StrictUtf8Decoder();
  private Optional<WarcRecord> record = Optional.empty();
  private long position;

  private WarcRecordReader(WarcReader reader, int maxRecordBytes) {
    this.reader = reader;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Creates a reader that closes its stream, also if this call fails. */
  static WarcRecordReader open(InputStream in, int maxRecordBytes) throws IOException {
    try {
      return new WarcRecordReader(new WarcReader(in), maxRecordBytes);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  @Override
  public boolean next() throws IOException {
    do {
      position++;
      record = reader.next();
      if (record.isPresent() && record.get() instanceof WarcResponse) {
        throw new IOException(
            "a response record, which holds a web page; expected conversion records, which hold text,"
                + " as in WET files");
      }
    } while (record.isPresent() && !(record.get() instanceof WarcConversion));
    return record.isPresent();
  }

  @Override
  public String text() throws IOException, MalformedRecordException {
    MediaType type = record.orElseThrow().contentType();
    if (!type.base().equals(MediaType.PLAIN_TEXT)) {
      throw new MalformedRecordException("not plain text but " + type.base());
    }
    String charset = type.parameters().getOrDefault("charset", "utf-8");
    if (!utf8(charset)) {
      throw new MalformedRecordException("charset " + charset + ", not UTF-8");
    }
    byte[] bytes = record.orElseThrow().body().stream().readNBytes(maxRecordBytes + 1);
    if (bytes.length > maxRecordBytes) {
      throw new MalformedRecordException("longer than " + maxRecordBytes + " bytes");
    }
    String text = utf8.decode(bytes, bytes.length).toString();
    if (text.isBlank()) {
      throw new MalformedRecordException("no text");
    }
    return text;
  }

  private static boolean utf8(String charset) {
    try {
      Charset named = Charset.forName(charset);
      return named.equals(StandardCharsets.UTF_8) || named.equals(StandardCharsets.US_ASCII);
    } catch (IllegalArgumentException unknown) {
      return false;
    }
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
