package dev.mixlaw.eval.table.internal;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a table file one by one. */
public abstract class TableRows implements AutoCloseable {
  private final Path file;
  private final Lines lines;
  private long linesRead;

  /** Line at which the current row starts, from 1. */
  long line;

  TableRows(Path file) {
    this.file = file;
    try {
      lines = Lines.open(file);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Returns the names of the columns, or empty if rows can differ. */
  public abstract Optional<List<String>> columns();

  /** Moves to the next row if there is one, and skips blank lines. */
  public final boolean next() {
    String text = readLine();
    while (text != null && text.isBlank()) {
      text = readLine();
    }
    if (text == null) {
      return false;
    }
    line = linesRead;
    row(text);
    return true;
  }

  /**
   * Parses a row.
   *
   * @param text first line of the row
   */
  abstract void row(String text);

  /** Returns a cell of the row, or null if the row has no such column. */
  public abstract @Nullable String cell(String column);

  /** Returns the row as text; equal rows have equal texts. */
  public abstract String text();

  /** Returns the name of the file. */
  public final String file() {
    return String.valueOf(file.getFileName());
  }

  /** Returns the position of the row, such as {@code losses.csv:17}. */
  public final String place() {
    return file() + ":" + line;
  }

  @Nullable String readLine() {
    try {
      String text = lines.next();
      if (text == null) {
        return null;
      }
      linesRead++;
      if (linesRead == 1 && text.startsWith("\uFEFF")) {
        text = text.substring(1);
      }
      if (text.length() > Lines.LIMIT) {
        line = linesRead;
        throw bad("a line is too long", "at most " + Lines.LIMIT + " characters");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem(
              file + " after line " + linesRead,
              "bytes that are not UTF-8",
              "UTF-8 text",
              "the file's encoding"),
          e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  MixlawException bad(String actual, String allowed) {
    return new MixlawException(
        MixlawException.Kind.DATA, new Problem(place(), actual, allowed, "the file"));
  }

  private MixlawException unreadable(IOException cause) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            file.toString(), "cannot be read: " + Reasons.of(cause), "a readable file", "the path"),
        cause);
  }

  @Override
  public void close() {
    try {
      lines.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }
}
