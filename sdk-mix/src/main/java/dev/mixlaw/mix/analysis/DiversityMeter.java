package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import dev.mixlaw.mix.internal.CountTable;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.LongHashSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures the diversity of text.
 *
 * <p>Rare words are the least frequent words in a reference text, which together make up at most a
 * tenth of it. Words that occur only once are always rare. Confidence intervals are computed by a
 * jackknife over {@value #GROUPS} groups of documents, with Student's t-distribution. For
 * self-BLEU, the interval is that of the mean over documents.
 */
public final class DiversityMeter {
  private static final int GROUPS = 20;

  /** The 97.5 % quantile of Student's t-distribution with 19 degrees of freedom. */
  private static final double STUDENT_19 = 2.093;

  private static final double NORMAL = 1.96;
  private static final double TAIL = 0.1;
  private static final Set<Measure> SHARES =
      EnumSet.of(
          Measure.SUPPORT,
          Measure.TAIL_MASS,
          Measure.DISTINCT_1,
          Measure.DISTINCT_2,
          Measure.DISTINCT_3);
  private static final long SEED = 0x726f756e6473L;

  private DiversityMeter() {}

  /**
   * Measures the diversity of a sample of a text. Text is split into words by the Unicode rules.
   *
   * @param reference text whose sample determines the rare words
   * @param wordsWanted number of words to sample from each of the two texts, at least 1
   * @return the diversity, or the reason why it cannot be computed
   */
  public static Answer<TextDiversity> measure(
      DocumentSource text, DocumentSource reference, long wordsWanted) {
    if (wordsWanted < 1) {
      throw new IllegalArgumentException("words: " + wordsWanted + "; expected 1 or more");
    }
    DocumentSample drawn;
    DocumentSample natural;
    try (Words words = Words.of(Language.OTHER)) {
      drawn = sample(text, words, wordsWanted);
      natural = sample(reference, words, wordsWanted);
    }
    if (drawn.words() < wordsWanted || natural.words() < wordsWanted) {
      return refused(
          "the text has " + drawn.words() + " words and the reference " + natural.words(),
          "provide " + wordsWanted + " words of each text, or request fewer words");
    }
    List<DocumentSample.Drawn> documents = drawn.documents();
    List<long[]> compared = SelfBleu.excerpts(drawn.documents());
    if (documents.size() < GROUPS || compared.size() < GROUPS) {
      return refused(
          wordsWanted + " words come from " + documents.size() + " documents",
          "split the text into at least " + GROUPS + " documents of four words or more");
    }
    Reference naturalTypes = Reference.of(natural.documents());
    List<Map<Measure, Double>> without = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      List<DocumentSample.Drawn> rest = new ArrayList<>();
      for (int d = 0; d < documents.size(); d++) {
        if (d % GROUPS != group) {
          rest.add(documents.get(d));
        }
      }
      without.add(figures(rest, naturalTypes));
    }
    Map<Measure, Estimate> estimates = new EnumMap<>(Measure.class);
    estimates.put(Measure.SELF_BLEU, mean(SelfBleu.of(compared)));
    figures(documents, naturalTypes)
        .forEach(
            (measure, value) ->
                estimates.put(
                    measure,
                    jackknife(
                        value,
                        without.stream().mapToDouble(w -> w.get(measure)).toArray(),
                        SHARES.contains(measure) ? 1 : Double.MAX_VALUE)));
    return Answer.known(new TextDiversity(documents.size(), wordsWanted, estimates));
  }

  private static Answer<TextDiversity> refused(String reason, String remedy) {
    return Answer.refused("diversity of a text", reason, remedy);
  }

  private static DocumentSample sample(DocumentSource source, Words words, long wanted) {
    DocumentSample sample = new DocumentSample(wanted, SEED);
    Documents.each(source.open(), d -> sample.offer(d.text(), words.hashes(d.text())));
    return sample;
  }

  private static Estimate jackknife(double value, double[] values, double most) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double half = STUDENT_19 * Math.sqrt(squares * (GROUPS - 1) / GROUPS);
    return Estimate.of(value, Math.max(0, value - half), Math.min(most, value + half));
  }

  private static Estimate mean(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double half = NORMAL * Math.sqrt(squares / (values.length - 1) / values.length);
    return Estimate.of(mean, Math.max(0, mean - half), Math.min(1, mean + half));
  }

  private static CountTable count(List<DocumentSample.Drawn> documents) {
    CountTable counts = new CountTable();
    for (DocumentSample.Drawn document : documents) {
      for (long word : document.words()) {
        counts.add(word, 1);
      }
    }
    return counts;
  }

  /** The distinct words in the sample of the reference text, and the rare words among them. */
  private record Reference(long[] types, LongHashSet rare) {
    static Reference of(List<DocumentSample.Drawn> documents) {
      CountTable counts = count(documents);
      long[] types = counts.sortedTerms();
      long[] sorted = Arrays.stream(types).map(counts::get).sorted().toArray();
      long limit = rareUpTo(sorted);
      LongHashSet rare = new LongHashSet();
      Arrays.stream(types).filter(type -> counts.get(type) <= limit).forEach(rare::add);
      return new Reference(types, rare);
    }

    /** Returns the maximum number of occurrences of a rare word. */
    private static long rareUpTo(long[] sorted) {
      double allowed = TAIL * Arrays.stream(sorted).sum();
      long limit = 1;
      long mass = 0;
      for (int i = 0; i < sorted.length; i++) {
        mass += sorted[i];
        boolean lastOfItsCount = i + 1 == sorted.length || sorted[i + 1] > sorted[i];
        if (lastOfItsCount && mass <= allowed) {
          limit = sorted[i];
        }
      }
      return limit;
    }
  }

  /** Returns all measures except self-BLEU, which compares pairs of documents. */
  private static Map<Measure, Double> figures(
      List<DocumentSample.Drawn> documents, Reference reference) {
    CountTable counts = count(documents);
    long[] types = counts.sortedTerms();
    long total = 0;
    long rare = 0;
    double sum = 0;
    for (long type : types) {
      long n = counts.get(type);
      total += n;
      sum += n * Math.log(n);
      rare += reference.rare().contains(type) ? n : 0;
    }
    long known = Arrays.stream(reference.types()).filter(t -> counts.get(t) > 0).count();
    Map<Measure, Double> figures = new EnumMap<>(Measure.class);
    figures.put(Measure.SUPPORT, (double) known / reference.types().length);
    figures.put(Measure.TAIL_MASS, (double) rare / total);
    figures.put(Measure.ENTROPY, Math.log(total) - sum / total);
    figures.put(Measure.TYPES, (double) types.length);
    figures.put(Measure.DISTINCT_1, (double) types.length / total);
    figures.put(Measure.DISTINCT_2, DocumentSample.distinct(documents, 2));
    figures.put(Measure.DISTINCT_3, DocumentSample.distinct(documents, 3));
    figures.put(Measure.COMPRESSION_RATIO, DocumentSample.compressionRatio(documents));
    return figures;
  }
}
