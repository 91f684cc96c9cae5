package dev.mixlaw.mix.analysis;

import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.LongHashSet;
import dev.mixlaw.mix.internal.LowestHashes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;

/**
 * A random sample of documents with a given number of words. Documents are selected by keyed hashes
 * of their texts, so the order of the corpus has no effect. The sample is kept in memory.
 */
public final class DocumentSample {
  /** The maximum number of characters of a document that are kept. */
  private static final int MOST_CHARACTERS = 1 << 20;

  private final long seed;
  private final long wanted;
  private final LowestHashes<Drawn> lowest;

  /** A document in the sample, whose text and word hashes may be truncated. */
  public record Drawn(String text, long[] words) {}

  /** Creates an empty sample of at most {@code wanted} words. The seed is the key of the hashes. */
  public DocumentSample(long wanted, long seed) {
    this.wanted = wanted;
    this.seed = seed;
    this.lowest = new LowestHashes<>(wanted);
  }

  /** Adds a document to the sample if the hash of its text is low enough. */
  public void offer(String text, long[] hashes) {
    long hash = Hash64.of(text, seed);
    if (hashes.length > 0 && lowest.accepts(hash)) {
      long[] kept = hashes.length > wanted ? Arrays.copyOf(hashes, (int) wanted) : hashes;
      String beginning = text.substring(0, Math.min(text.length(), MOST_CHARACTERS));
      lowest.add(hash, new Drawn(beginning, kept), kept.length);
    }
  }

  /** Returns the documents. The last document is truncated to the maximum number of words. */
  public List<Drawn> documents() {
    List<Drawn> drawn = new ArrayList<>(lowest.values());
    if (lowest.weight() > wanted) {
      Drawn last = drawn.remove(drawn.size() - 1);
      int kept = (int) (last.words().length - (lowest.weight() - wanted));
      drawn.add(new Drawn(last.text(), Arrays.copyOf(last.words(), kept)));
    }
    return drawn;
  }

  public long words() {
    return Math.min(lowest.weight(), wanted);
  }

  /** Returns the fraction of word n-grams that are distinct, or 1 if there are no n-grams. */
  public static double distinct(List<Drawn> documents, int n) {
    LongHashSet different = new LongHashSet();
    long all = 0;
    for (Drawn document : documents) {
      long[] ngrams = TermCounter.ngrams(document.words(), n);
      different.addAll(ngrams);
      all += ngrams.length;
    }
    return all == 0 ? 1 : (double) different.size() / all;
  }

  /** Returns the size of the texts divided by their compressed size (DEFLATE, level 6). */
  public static double compressionRatio(List<Drawn> documents) {
    Deflater deflater = new Deflater(6);
    try {
      byte[] out = new byte[1 << 16];
      for (Drawn document : documents) {
        deflater.setInput((document.text() + "\n").getBytes(StandardCharsets.UTF_8));
        while (!deflater.needsInput()) {
          deflater.deflate(out);
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        deflater.deflate(out);
      }
      return (double) deflater.getBytesRead() / deflater.getBytesWritten();
    } finally {
      deflater.end();
    }
  }
}
