package dev.mixlaw.eval.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

final class CsvFile extends TableFile {
  private static final CsvFactory FACTORY =
      CsvFactory.builder()
          .enable(CsvParser.Feature.TRIM_SPACES)
          .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
          .build();

  private final CsvParser parser;
  private final List<String> header;
  private boolean ended;

  CsvFile(Path file) {
    super(file);
    try {
      parser = FACTORY.createParser(text);
      parser.setSchema(CsvSchema.emptySchema().withColumnSeparator(separator()));
      header = readHeader();
    } catch (IOException e) {
      close();
      throw new MixlawException(MixlawException.Kind.DATA, problem(e), e);
    } catch (MixlawException e) {
      close();
      throw e;
    }
  }

  /** Returns the first comma, semicolon or tab of the first line, which is the separator. */
  private char separator() throws IOException {
    text.mark(BoundedReader.LIMIT + 2);
    String first = text.readLine();
    text.reset();
    if (first == null || first.isBlank()) {
      throw bad("no header", "a first line with the column names");
    }
    if (first.matches("\\s*(\\{|\\[\\s*([\\[{]|$)).*")) {
      throw bad("JSON", "CSV with column names, or JSON Lines in a file named *.jsonl");
    }
    return first.indexOf(',') >= 0
        ? ','
        : first.indexOf(';') >= 0 ? ';' : first.indexOf('\t') >= 0 ? '\t' : ',';
  }

  private List<String> readHeader() throws IOException {
    parser.nextToken();
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    while (parser.nextToken() == JsonToken.VALUE_STRING) {
      String name = parser.getText().strip();
      names.add(name);
      if (!seen.add(name)) {
        throw bad("two columns named " + name, "unique column names");
      }
    }
    return names;
  }

  @Override
  Optional<List<String>> columns() {
    return Optional.of(header);
  }

  @Override
  @Nullable Row read(List<Problem> problems) throws IOException {
    try {
      if (ended || parser.nextToken() == null) {
        return null;
      }
      ObjectNode row = JsonNodeFactory.instance.objectNode();
      int cells = 0;
      String place = "";
      while (parser.nextToken() == JsonToken.VALUE_STRING) {
        place = cells == 0 ? place() : place;
        if (cells < header.size()) {
          row.put(header.get(cells), parser.getText());
        }
        cells++;
      }
      if (cells == header.size()) {
        return new Row(place, row);
      }
      if (cells > 1 || !row.path(header.get(0)).asText().isBlank()) {
        problems.add(
            new Problem(
                place,
                cells + " cells",
                header.size() + " cells, as in the header",
                "correct the file"));
      }
      return Row.NONE;
    } catch (JsonProcessingException e) {
      ended = true;
      problems.add(problem(e));
      return null;
    }
  }

  private String place() {
    return name() + ":" + Math.max(1, parser.currentTokenLocation().getLineNr());
  }

  private Problem problem(IOException cause) {
    return cause instanceof JsonProcessingException invalid
        ? new Problem(
            place(),
            "not CSV: " + invalid.getOriginalMessage(),
            "cells as in RFC 4180, with every quote closed",
            "correct the file")
        : unreadable(cause);
  }

  private MixlawException bad(String actual, String expected) {
    return MixlawException.data(name() + ":1", actual, expected, "correct the file");
  }
}
