package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Takes equal parts of several lists of documents. */
final class EvenMix {
  private EvenMix() {}

  /**
   * Returns documents of at most the given number of bytes in total, in equal parts from each list
   * and evenly interleaved. If a list is too short, longer lists fill the gap.
   */
  static List<Document> of(List<List<Document>> lists, long bytes) {
    record Place(double at, Document document) {}
    List<List<Document>> shortestFirst = new ArrayList<>(lists);
    shortestFirst.sort(Comparator.comparingLong(EvenMix::bytes));
    List<Place> places = new ArrayList<>();
    long left = bytes;
    for (int i = 0; i < shortestFirst.size(); i++) {
      List<Document> part = take(shortestFirst.get(i), left / (shortestFirst.size() - i));
      long size = bytes(part);
      left -= size;
      long before = 0;
      for (Document document : part) {
        places.add(new Place((double) before / size, document));
        before += bytes(document);
      }
    }
    places.sort(Comparator.comparingDouble(Place::at).thenComparing(p -> p.document().id()));
    return places.stream().map(Place::document).toList();
  }

  /**
   * Takes documents in order while they fit into the given number of bytes, and skips those that do
   * not.
   */
  static List<Document> take(List<Document> documents, long bytes) {
    List<Document> taken = new ArrayList<>();
    long left = bytes;
    for (Document document : documents) {
      long size = bytes(document);
      if (size <= left) {
        taken.add(document);
        left -= size;
      }
    }
    return taken;
  }

  private static long bytes(List<Document> documents) {
    return documents.stream().mapToLong(EvenMix::bytes).sum();
  }

  private static long bytes(Document document) {
    return document.text().getBytes(StandardCharsets.UTF_8).length;
  }
}
