package dev.mixlaw.eval.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.LineNumberReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A file that is read row by row. It is decompressed if its name ends in {@code .gz}. */
abstract class TableFile implements AutoCloseable {
  static final int MAX_PROBLEMS = 20;

  private static final int MOST_QUOTED = 80;
  private static final int MOST_SAID = 200;

  /** The text of the file, without a byte order mark. */
  final LineNumberReader text;

  private final Path file;
  private final BoundedReader bounded;

  /**
   * A row of the file.
   *
   * @param place file and line at which the row starts, such as {@code losses.csv:17}
   */
  record Row(String place, ObjectNode cells) {
    static final Row NONE = new Row("", JsonNodeFactory.instance.objectNode());

    List<String> keys() {
      return cells.propertyStream().map(Map.Entry::getKey).toList();
    }

    /**
     * Returns a cell without leading and trailing spaces, or empty if the row has no such column.
     */
    Optional<String> cell(String column) {
      JsonNode cell = cells.get(column);
      return cell == null || cell.isNull() ? Optional.empty() : Optional.of(cell.asText().strip());
    }
  }

  TableFile(Path file) {
    this.file = file;
    try {
      bounded = new BoundedReader(characters(file));
      text = new LineNumberReader(bounded);
      text.mark(1);
      if (text.read() != '\uFEFF') {
        text.reset();
      }
    } catch (IOException e) {
      throw new MixlawException(MixlawException.Kind.DATA, unreadable(e), e);
    }
  }

  private static InputStreamReader characters(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    try {
      boolean packed = file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
      // Unlike new InputStreamReader(bytes, UTF_8), a new decoder reports invalid UTF-8.
      return new InputStreamReader(
          packed ? new GZIPInputStream(bytes, 1 << 14) : bytes,
          StandardCharsets.UTF_8.newDecoder());
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  abstract Optional<List<String>> columns();

  /**
   * Reads a row.
   *
   * @param problems list that receives the problem of an invalid row
   * @return the row, {@link Row#NONE} for a blank line or an invalid row, or null after the last
   *     row
   */
  abstract @Nullable Row read(List<Problem> problems) throws IOException;

  /** Returns the next row, or null after the last row or after {@value #MAX_PROBLEMS} problems. */
  final @Nullable Row next(List<Problem> problems) {
    try {
      Row row = Row.NONE;
      while (row != null && row.equals(Row.NONE)) {
        row = problems.size() < MAX_PROBLEMS ? read(problems) : null;
      }
      return row;
    } catch (IOException e) {
      problems.add(unreadable(e));
      return null;
    }
  }

  final String name() {
    return String.valueOf(file.getFileName());
  }

  final Problem unreadable(IOException cause) {
    if (cause instanceof BoundedReader.LineTooLongException) {
      return new Problem(
          name() + ":" + (bounded.lines() + 1),
          "a line is too long",
          "at most " + BoundedReader.LIMIT + " characters",
          "correct the file");
    }
    if (cause instanceof CharacterCodingException) {
      return new Problem(
          file + " after line " + bounded.lines(),
          Reasons.of(cause),
          "UTF-8 text",
          "convert the file to UTF-8");
    }
    return new Problem(
        file.toString(),
        "cannot be read: " + Reasons.of(cause),
        "a readable file",
        "correct the path");
  }

  /**
   * Returns the text of a cell in quotes, shortened to 80 characters. Returns {@code empty} for an
   * empty cell.
   */
  static String quoted(String cell) {
    return cell.isEmpty() ? "empty" : '"' + shortened(cell) + '"';
  }

  static String shortened(String cell) {
    return cell.length() <= MOST_QUOTED ? cell : cell.substring(0, MOST_QUOTED - 1) + "…";
  }

  /**
   * Throws an exception with the problems of a file, if there are any. Long texts in problems are
   * shortened.
   */
  static void throwAny(List<Problem> problems) {
    if (!problems.isEmpty()) {
      List<Problem> bounded =
          problems.stream()
              .map(
                  p ->
                      new Problem(
                          cut(p.subject()), cut(p.actual()), cut(p.expected()), cut(p.fix())))
              .toList();
      throw new MixlawException(MixlawException.Kind.DATA, bounded, null);
    }
  }

  private static String cut(String text) {
    return text.length() <= MOST_SAID ? text : text.substring(0, MOST_SAID - 1) + "…";
  }

  @Override
  public void close() {
    try {
      text.close();
    } catch (IOException e) {
      throw new MixlawException(MixlawException.Kind.DATA, unreadable(e), e);
    }
  }
}
