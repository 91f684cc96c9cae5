package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.Utf8;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Splits documents into training text and held-out validation text.
 *
 * <p>A document is wholly on one side. Validation takes the documents whose ids have the lowest
 * keyed hashes until it has enough bytes: a choice that depends on seed and ids alone, not on
 * order, and changes little when documents are added. Then a validation document is dropped if more
 * than {@link #MOST_SHARED} of its {@linkplain Shingles 13-word shingles} stand anywhere in the
 * training text (or in validation documents before it). The documents are read twice; memory holds
 * the validation text only.
 *
 * @param training everything that was not chosen for validation
 * @param validation held-out documents, in the order of the source, perhaps cut short
 * @param dropped ids of documents chosen for validation and dropped: they are on neither side
 */
public record HeldOut(DocumentSource training, List<Document> validation, List<String> dropped) {
  /** The largest part of a validation document's shingles that training text may hold. */
  public static final double MOST_SHARED = 0.25;

  public HeldOut {
    validation = List.copyOf(validation);
    dropped = List.copyOf(dropped);
  }

  /**
   * How to split.
   *
   * @param seed another seed, other validation documents
   * @param validationBytes about how many UTF-8 bytes to hold out, before dropping
   * @param longestDocument validation documents are cut to so many bytes, at the end of a
   *     paragraph, line or word, so that a few long ones do not make up a domain; training text has
   *     nothing of what was cut off
   */
  public record Settings(long seed, long validationBytes, int longestDocument) {
    public Settings {
      if (validationBytes < 1 || longestDocument < 1) {
        throw new IllegalArgumentException(
            "validationBytes "
                + validationBytes
                + ", longestDocument "
                + longestDocument
                + "; expected at least 1");
      }
    }
  }

  /** Splits documents; the source is read twice now, and whenever the training text is read. */
  public static HeldOut split(DocumentSource documents, Settings settings) {
    List<Document> chosen = choose(documents, settings);
    Set<String> ids = ids(chosen);
    DocumentSource training =
        () ->
            new FilteredDocumentStream(documents.open(), document -> !ids.contains(document.id()));
    List<Document> kept = unseen(chosen, training);
    Set<String> keptIds = ids(kept);
    List<String> dropped =
        chosen.stream().map(Document::id).filter(id -> !keptIds.contains(id)).toList();
    return new HeldOut(training, kept, dropped);
  }

  /**
   * Those validation documents that training text does not know: at most {@link #MOST_SHARED} of
   * their shingles stand in it, or in validation documents before them. For validation text that is
   * to be held against other training text than what it was split from.
   *
   * @param training read once
   */
  public static List<Document> unseen(List<Document> validation, DocumentSource training) {
    LongHashSet shared = sharedShingles(training, validation);
    List<Document> kept = new ArrayList<>();
    for (Document document : validation) {
      long[] shingles = Shingles.of(document.text());
      int known = 0;
      for (long shingle : shingles) {
        known += shared.contains(shingle) ? 1 : 0;
      }
      if (known <= MOST_SHARED * shingles.length) {
        kept.add(document);
        for (long shingle : shingles) {
          shared.add(shingle);
        }
      }
    }
    return kept;
  }

  private static Set<String> ids(List<Document> documents) {
    return documents.stream().map(Document::id).collect(Collectors.toSet());
  }

  /** The documents of lowest hash, cut short. */
  private static List<Document> choose(DocumentSource documents, Settings settings) {
    record Candidate(long order, Document document, int bytes) {}
    record Key(long hash, String id) {}
    TreeMap<Key, Candidate> lowest =
        new TreeMap<>(Comparator.comparingLong(Key::hash).thenComparing(Key::id));
    long total = 0;
    long order = 0;
    try (DocumentStream stream = documents.open()) {
      while (stream.hasNext()) {
        Document whole = stream.next();
        Key key = new Key(Hash64.of(whole.id(), settings.seed()), whole.id());
        if (total < settings.validationBytes() || key.hash() < lowest.lastKey().hash()) {
          String text = Utf8.cut(whole.text(), settings.longestDocument());
          int bytes = Utf8.length(text);
          lowest.put(key, new Candidate(order, new Document(whole.id(), text), bytes));
          total += bytes;
          Map.Entry<Key, Candidate> last = lowest.lastEntry();
          while (total - last.getValue().bytes() >= settings.validationBytes()) {
            lowest.pollLastEntry();
            total -= last.getValue().bytes();
            last = lowest.lastEntry();
          }
        }
        order++;
      }
    }
    return lowest.values().stream()
        .sorted(Comparator.comparingLong(Candidate::order))
        .map(Candidate::document)
        .toList();
  }

  /** Shingles of the validation documents that training text has too. */
  private static LongHashSet sharedShingles(DocumentSource training, List<Document> validation) {
    LongHashSet heldOut = new LongHashSet();
    for (Document document : validation) {
      for (long shingle : Shingles.of(document.text())) {
        heldOut.add(shingle);
      }
    }
    LongHashSet shared = new LongHashSet();
    try (DocumentStream stream = training.open()) {
      while (stream.hasNext()) {
        for (long shingle : Shingles.of(stream.next().text())) {
          if (heldOut.contains(shingle)) {
            shared.add(shingle);
          }
        }
      }
    }
    return shared;
  }
}
