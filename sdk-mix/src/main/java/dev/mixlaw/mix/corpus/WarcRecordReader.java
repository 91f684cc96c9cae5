package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.io.Closing;
import java.io.EOFException;
import java.io.FilterInputStream;
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

/** Reads the plain-text {@code conversion} records of a WARC file, as found in WET files. */
final class WarcRecordReader implements RecordReader {
  private final WarcReader reader;
  private final LineEndCounter bytes;
  private final int maxRecordBytes;
  private final StrictUtf8Decoder utf8 = new StrictUtf8Decoder();
  private Optional<WarcRecord> record = Optional.empty();
  private long position;

  private WarcRecordReader(LineEndCounter bytes, int maxRecordBytes) throws IOException {
    this.bytes = bytes;
    this.reader = new WarcReader(bytes);
    reader.setLenient(true); // line ends without a carriage return, as other readers allow
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Creates a reader that closes {@code in}, even if this method throws an exception. */
  static WarcRecordReader open(InputStream in, int maxRecordBytes) throws IOException {
    return Closing.onFailure(
        new LineEndCounter(in), bytes -> new WarcRecordReader(bytes, maxRecordBytes));
  }

  @Override
  public boolean next() throws IOException {
    do {
      position++;
      try {
        record = reader.next();
      } catch (EOFException e) { // jwarc leaves line ends without a carriage return
        if (reader.position() < bytes.textEnd) {
          throw e;
        }
        record = Optional.empty();
      } catch (RuntimeException e) { // jwarc throws these for invalid headers
        throw damaged(e);
      }
      if (record.isPresent() && record.get() instanceof WarcResponse) {
        throw new UnsuitableFileException(
            "a response record, which contains a web page; expected conversion records with text",
            "use the WET file");
      }
    } while (record.isPresent() && !(record.get() instanceof WarcConversion));
    return record.isPresent();
  }

  private static final class LineEndCounter extends FilterInputStream {
    private long length;
    private long textEnd;

    LineEndCounter(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int size) throws IOException {
      int count = super.read(bytes, offset, size);
      int end = count;
      while (end > 0 && (bytes[offset + end - 1] == '\n' || bytes[offset + end - 1] == '\r')) {
        end--;
      }
      textEnd = end > 0 ? length + end : textEnd;
      length += Math.max(0, count);
      return count;
    }
  }

  private static IOException damaged(RuntimeException e) {
    return new IOException("invalid record: " + e.getMessage(), e);
  }

  @Override
  public String text() throws IOException, MalformedRecordException {
    MediaType type;
    try {
      type = record.orElseThrow().contentType();
    } catch (RuntimeException e) {
      throw new MalformedRecordException("its header is invalid: " + e.getMessage());
    }
    if (!type.base().equals(MediaType.PLAIN_TEXT)) {
      throw new MalformedRecordException("not plain text but " + type.base());
    }
    String charset = type.parameters().getOrDefault("charset", "utf-8");
    if (!utf8(charset)) {
      throw new MalformedRecordException("charset " + charset + ", not UTF-8");
    }
    byte[] body;
    try {
      body = record.orElseThrow().body().stream().readNBytes(maxRecordBytes + 1);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
    if (body.length > maxRecordBytes) {
      throw new MalformedRecordException("longer than " + maxRecordBytes + " bytes");
    }
    String text = utf8.decode(body, body.length).toString();
    if (text.isBlank()) {
      throw MalformedRecordException.blank("no text");
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
