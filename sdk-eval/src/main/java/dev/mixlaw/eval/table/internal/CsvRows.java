package dev.mixlaw.eval.table.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the rows of a CSV file with a header, quoted as in RFC 4180. */
public final class CsvRows extends TableRows {
  private char separator = ',';
  private final List<String> header;
  private final Map<String, Integer> position = new HashMap<>();
  private List<String> cells = List.of();

  public CsvRows(Path file) {
    super(file);
    try {
      header = readHeader();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private List<String> readHeader() {
    String first = readLine();
    line = 1;
    if (first == null || first.isBlank()) {
      throw bad("no header", "a first line with the names of the columns");
    }
    if (first.indexOf(',') < 0) {
      separator = first.indexOf(';') >= 0 ? ';' : first.indexOf('\t') >= 0 ? '\t' : ',';
    }
    List<String> names = parse(first).stream().map(String::strip).toList();
    for (int k = 0; k < names.size(); k++) {
      if (position.put(names.get(k), k) != null) {
        throw bad("two columns named " + names.get(k), "each name once");
      }
    }
    return names;
  }

  @Override
  public Optional<List<String>> columns() {
    return Optional.of(header);
  }

  @Override
  void row(String text) {
    cells = parse(text);
    if (cells.size() != header.size()) {
      throw bad(cells.size() + " cells", header.size() + " cells, as the header has");
    }
  }

  @Override
  public @Nullable String cell(String column) {
    Integer k = position.get(column);
    return k == null ? null : cells.get(k);
  }

  @Override
  public String text() {
    return String.join("\u001f", cells);
  }

  /** Returns the cells of a row, which continues on the next line while a quote is open. */
  private List<String> parse(String text) {
    List<String> row = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    String rest = text;
    long length = text.length();
    while (true) {
      for (int i = 0; i < rest.length(); i++) {
        char c = rest.charAt(i);
        if (quoted && c == '"' && i + 1 < rest.length() && rest.charAt(i + 1) == '"') {
          cell.append('"');
          i++;
        } else if (c == '"' && (quoted || cell.toString().isBlank())) {
          quoted = !quoted;
        } else if (c == separator && !quoted) {
          row.add(cell.toString());
          cell.setLength(0);
        } else {
          cell.append(c);
        }
      }
      if (!quoted) {
        row.add(cell.toString());
        return row;
      }
      String more = readLine();
      length += more == null ? 0 : more.length();
      if (more == null || length > Lines.LIMIT) {
        throw bad(
            "a quote that is not closed",
            "every quote closed within " + Lines.LIMIT + " characters");
      }
      cell.append('\n');
      rest = more;
    }
  }
}
