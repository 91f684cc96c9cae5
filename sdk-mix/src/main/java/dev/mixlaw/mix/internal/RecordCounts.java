package dev.mixlaw.mix.internal;

import dev.mixlaw.api.MixlawException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the records in the files of a corpus and rejects a corpus with too many malformed records.
 *
 * <p>The parts of a corpus can be counted separately. The limit for malformed records is then
 * checked when the counts are added in the order of the parts. The result is the same as if the
 * whole corpus had been counted record by record.
 */
public final class RecordCounts implements Serializable {
  private static final long serialVersionUID = 1;

  /** The number of skipped records that are kept as examples. */
  public static final int EXAMPLES = 5;

  /** Number of malformed records that is always allowed, unless the allowed fraction is 0. */
  private static final int MALFORMED_ALLOWED = 100;

  private final String corpus;
  private final String place;
  private final double fraction;
  private final boolean limited;
  private final List<String> examples = new ArrayList<>();
  private long documents;
  private long skipped;
  private long malformed;

  /**
   * For each malformed record, the number of records up to and including it; unused if {@code
   * limited}.
   */
  private long[] malformedAt = new long[0];

  /**
   * Creates counts that are 0.
   *
   * @param place file or directory of the corpus
   * @param fraction largest allowed fraction of malformed records
   * @param limited whether the limit is checked while records are added; false for a part that
   *     follows other parts
   */
  public RecordCounts(String corpus, String place, double fraction, boolean limited) {
    this.corpus = corpus;
    this.place = place;
    this.fraction = fraction;
    this.limited = limited;
  }

  public void addDocument() {
    documents++;
  }

  /**
   * Adds a record without a document.
   *
   * @param example description of the record
   * @param blank whether the record is well-formed but has no text
   * @throws MixlawException (data) if too many records are malformed
   */
  public void skip(String example, boolean blank) {
    skipped++;
    if (examples.size() < EXAMPLES) {
      examples.add(example);
    }
    if (!blank) {
      malformed++;
      if (limited) {
        check(malformed, documents + skipped);
      } else {
        int n = Math.toIntExact(malformed);
        if (n > malformedAt.length) {
          malformedAt = Arrays.copyOf(malformedAt, Math.max(16, Math.multiplyExact(2, n)));
        }
        malformedAt[n - 1] = documents + skipped;
      }
    }
  }

  /**
   * Adds the counts of the next part.
   *
   * @throws MixlawException (data) if too many records are malformed
   */
  public void add(RecordCounts part) {
    part.examples.stream().limit(EXAMPLES - examples.size()).forEach(examples::add);
    for (int i = 0; !part.limited && i < part.malformed; i++) {
      check(malformed + i + 1, documents + skipped + part.malformedAt[i]);
    }
    documents += part.documents;
    skipped += part.skipped;
    malformed += part.malformed;
  }

  private void check(long bad, long records) {
    long limit = fraction > 0 ? Math.max(MALFORMED_ALLOWED, (long) (fraction * records)) : 0;
    if (bad > limit) {
      throw MixlawException.data(
          "corpus " + corpus + ": malformed records",
          bad + " of " + records + " records so far: " + shown(),
          "at most " + limit + " (fraction " + fraction + ")",
          "correct the records, change Corpus.textField, or increase Corpus.badRecordFraction");
    }
  }

  /**
   * Checks the counts of a whole corpus.
   *
   * @throws MixlawException (data) if there is no document
   */
  public void requireDocuments() {
    if (documents == 0) {
      throw MixlawException.data(
          "corpus " + corpus + " is empty",
          place
              + " has no document"
              + (skipped == 0 ? "" : "; " + skipped + " skipped: " + shown()),
          "at least one document",
          "change the path" + (skipped == 0 ? "" : " or Corpus.textField"));
    }
  }

  private String shown() {
    return String.join("; ", examples) + (skipped > examples.size() ? "; ..." : "");
  }

  public long skipped() {
    return skipped;
  }

  /** Returns descriptions of the first few skipped records. */
  public List<String> examples() {
    return List.copyOf(examples);
  }
}
