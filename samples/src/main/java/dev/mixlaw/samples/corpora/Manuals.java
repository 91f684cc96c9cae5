package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Manuals, which consist of the pages about components of Apache Camel as plain text. */
final class Manuals {
  private static final String FOLDER = "org/apache/camel/catalog/docs/";
  private static final int LEAST_DOCUMENT = 300;
  private static final int SHORT_BLOCK = 60;

  private static final Pattern NOISE =
      Pattern.compile(
          "(\\[\\[.*\\]\\]|\\[.*\\]|:[\\w-]+:.*|//.*|image::.*|include::.*|a?\\|(={3,}.*)?|\\+|.*\\{since\\}.*|.*\\{component-header\\}.*|'''+|\\|"
              + " *Name *\\|.*)\\s*");
  private static final Pattern FENCE =
      Pattern.compile("(-{4,}|={4,}|\\.{4,}|\\*{4,}|_{4,}|```.*)\\s*");
  private static final Pattern HEADING = Pattern.compile("=+\\s+(.*)");
  private static final Pattern ITEM =
      Pattern.compile("\\s*(\\*+|-|\\.+|\\d+\\.|\\|.*|[A-Z]+:)\\s.*");
  private static final Pattern LINK =
      Pattern.compile("(?:xref:|link:|https?://|mailto:)[^\\s\\[]*\\[([^\\]]*)\\]");
  private static final Pattern REFERENCE = Pattern.compile("<<[^,>]*,? ?([^>]*)>>");
  private static final Pattern IMAGE = Pattern.compile("image:[^\\s\\[]*\\[[^\\]]*\\]");
  private static final Pattern CELL = Pattern.compile("^[a-z]?\\|");
  private static final Pattern INCLUDED = Pattern.compile("\\s*include::.*");
  private static final Pattern LINE_BREAK = Pattern.compile(" \\+$");
  private static final Pattern STRONG = Pattern.compile("(?<![\\w*])[*_]([^*_\\n]+)[*_](?![\\w*])");

  private Manuals() {}

  static List<Document> read() throws IOException {
    List<Document> pages = new ArrayList<>();
    Set<String> seen = new HashSet<>(); // because components have common options
    try (Artifact camel =
        Artifact.find("org.apache.camel:camel-catalog:3.4.0", FOLDER + "kafka-component.adoc")) {
      for (String name : camel.names(FOLDER, ".adoc")) {
        String text = plain(camel.text(name), seen);
        // Markup after an unclosed fence is not removed.
        boolean unclosed = text.contains("|===");
        if (text.length() >= LEAST_DOCUMENT && !unclosed) {
          String id = name.substring(FOLDER.length(), name.length() - ".adoc".length());
          pages.add(new Document("manuals/" + id, text));
        }
      }
    }
    return pages;
  }

  /** Removes AsciiDoc markup and blocks that occurred on earlier pages. */
  static String plain(String adoc, Set<String> seen) {
    StringBuilder page = new StringBuilder();
    StringBuilder block = new StringBuilder();
    boolean code = false;
    for (String line : adoc.split("\\R", -1)) {
      if (FENCE.matcher(line).matches()) {
        flush(block, code, page, seen);
        code = !code;
      } else if (code) {
        block.append(INCLUDED.matcher(line).matches() ? "" : line.stripTrailing()).append('\n');
      } else if (line.isBlank() || NOISE.matcher(line).matches()) {
        flush(block, false, page, seen);
      } else if (HEADING.matcher(line).matches()) {
        flush(block, false, page, seen);
        page.append(inline(HEADING.matcher(line).replaceFirst("$1"))).append("\n\n");
      } else if (CELL.matcher(line).find()) {
        flush(block, false, page, seen);
        block.append(row(CELL.matcher(line).replaceFirst("")));
      } else {
        String joint = block.length() == 0 ? "" : ITEM.matcher(line).matches() ? "\n" : " ";
        block.append(joint).append(LINE_BREAK.matcher(line.strip()).replaceFirst(""));
      }
    }
    flush(block, code, page, seen);
    return English.blankLines(page.toString()).strip();
  }

  private static void flush(
      StringBuilder block, boolean code, StringBuilder page, Set<String> seen) {
    String raw = block.toString().stripTrailing();
    block.setLength(0);
    String text =
        code ? raw : raw.lines().map(Manuals::inline).collect(Collectors.joining("\n")).strip();
    // The names of options are ignored, because components give the same option different names.
    String description = text.substring(text.indexOf(": ") + 1);
    boolean boilerplate = text.contains("<groupId>org.apache.camel");
    if (!text.isBlank()
        && !boilerplate
        && (description.length() < SHORT_BLOCK || seen.add(description))) {
      page.append(text).append("\n\n");
    }
  }

  /** Formats a table row of the form {@code | *name* (group) | description | default | type}. */
  private static String row(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.split("(?<!\\\\)\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells.size() < 2 ? cells.get(0) : cells.get(0) + ": " + cells.get(1);
  }

  private static String inline(String text) {
    String plain = LINK.matcher(IMAGE.matcher(text).replaceAll("")).replaceAll("$1");
    plain = REFERENCE.matcher(plain).replaceAll("$1");
    plain = STRONG.matcher(plain).replaceAll("$1");
    return English.line(plain.replaceAll("`|\\+\\+\\+?|\\\\(?=[|:{h])", ""));
  }
}
