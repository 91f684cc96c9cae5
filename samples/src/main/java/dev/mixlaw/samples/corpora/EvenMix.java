package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

final class EvenMix {
  private EvenMix() {}

  /**
   * Takes equal numbers of bytes from each list and interleaves the documents evenly. If a list is
   * too short, more is taken from longer lists.
   *
   * @param bytes largest total size of the documents, in bytes
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
   * Takes documents in order as long as their total size is within the limit. Skips documents that
   * are too large for it.
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
