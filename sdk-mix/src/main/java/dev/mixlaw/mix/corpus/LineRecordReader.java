package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.internal.TextFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

final class LineRecordReader implements RecordReader {
  private final LineReader lines;
  private final TextFiles.Format format;
  private final String textField;
  private final int maxRecordBytes;
  private final StrictUtf8Decoder utf8 = new StrictUtf8Decoder();
  private final JsonFieldReader json;

  LineRecordReader(InputStream in, TextFiles.Format format, String textField, int maxRecordBytes) {
    this.lines = new LineReader(in, maxRecordBytes);
    this.format = format;
    this.textField = textField;
    this.maxRecordBytes = maxRecordBytes;
    this.json = new JsonFieldReader(textField, maxRecordBytes);
  }

  @Override
  public boolean next() throws IOException {
    if (format != TextFiles.Format.TEXT) {
      return lines.nextLine();
    }
    boolean first = lines.line() == 0;
    if (first) {
      lines.rest();
    }
    return first;
  }

  @Override
  public String text() throws MalformedRecordException, UnsuitableFileException {
    if (format == TextFiles.Format.JSONL && lines.line() == 1) {
      checkStart();
    }
    if (lines.tooLong()) {
      throw new MalformedRecordException("longer than " + maxRecordBytes + " bytes");
    }
    var record = utf8.decode(lines.bytes(), lines.length());
    if (format == TextFiles.Format.JSONL) {
      if (record.chars().allMatch(Character::isWhitespace)) {
        return "";
      }
      String text = json.read(record);
      if (text.isBlank()) {
        throw MalformedRecordException.blank("field \"" + textField + "\" is empty");
      }
      return text;
    }
    String text = record.toString();
    if (format == TextFiles.Format.TEXT && text.isBlank()) {
      throw MalformedRecordException.blank("the file is empty");
    }
    return text;
  }

  /** Rejects a JSON file that does not have one object per line. */
  private void checkStart() throws UnsuitableFileException {
    String start =
        new String(lines.bytes(), 0, Math.min(lines.length(), 16), StandardCharsets.ISO_8859_1);
    String fix = "convert the file to JSON Lines, for example with jq -c ";
    if (start.matches("\\s*\\[\\s*(\\{.*)?")) {
      throw new UnsuitableFileException(
          "a JSON array instead of one object per line", fix + "'.[]'");
    }
    if (start.matches("\\s*\\{\\s*")) {
      throw new UnsuitableFileException("a JSON object that spans several lines", fix + "'.'");
    }
  }

  @Override
  public long position() {
    return lines.line();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
