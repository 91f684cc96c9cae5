package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.Answer;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.TextDiversity;
import dev.mixlaw.api.spi.TextMeter;
import dev.mixlaw.mix.analysis.internal.CountTable;
import dev.mixlaw.mix.corpus.internal.LongSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measures diversity by Lucene's words.
 *
 * <p>Rare words are the reference's rarest types that together have at most a tenth of its words
 * (those that occur once in any case). Intervals are of a jackknife over {@value #GROUPS} groups of
 * documents, with Student's t; that of self-BLEU is of the mean over documents.
 */
public final class DiversityMeter implements TextMeter {
  private static final int GROUPS = 20;
  private static final double STUDENT_19 =
      2.093; // 97.5 % of Student's t with 19 degrees of freedom
  private static final double NORMAL = 1.96;
  private static final double TAIL = 0.1;
  private static final long SEED = 0x726f756e6473L;

  private final Language language;

  /** Words by Unicode's rules, of any language that writes spaces. */
  public DiversityMeter() {
    this(Language.OTHER);
  }

  public DiversityMeter(Language language) {
    this.language = language;
  }

  @Override
  public Answer<TextDiversity> measure(
      DocumentSource text, DocumentSource reference, long wordsWanted) {
    if (wordsWanted < 1) {
      throw new IllegalArgumentException("words: " + wordsWanted + "; allowed: 1 or more");
    }
    DocumentSample drawn;
    DocumentSample natural;
    try (Words words = Words.of(language)) {
      drawn = sample(text, words, wordsWanted);
      natural = sample(reference, words, wordsWanted);
    }
    if (drawn.words() < wordsWanted || natural.words() < wordsWanted) {
      return refused(
          "the text has " + drawn.words() + " words and the reference " + natural.words(),
          "give " + wordsWanted + " of both, or ask for fewer");
    }
    List<long[]> documents = words(drawn);
    List<long[]> compared = SampleStatistics.bleuDocuments(drawn.documents());
    if (documents.size() < GROUPS || compared.size() < GROUPS) {
      return refused(
          wordsWanted + " words are of " + documents.size() + " documents",
          "cut the text into shorter documents, " + GROUPS + " of four words at least");
    }
    Reference beside = Reference.of(words(natural));
    List<Figures> without = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      List<long[]> rest = new ArrayList<>();
      for (int d = 0; d < documents.size(); d++) {
        if (d % GROUPS != group) {
          rest.add(documents.get(d));
        }
      }
      without.add(Figures.of(rest, beside));
    }
    Figures all = Figures.of(documents, beside);
    return Answer.known(
        new TextDiversity(
            documents.size(),
            wordsWanted,
            jackknife(all, without, Figures::support, 1),
            jackknife(all, without, Figures::tailMass, 1),
            jackknife(all, without, Figures::entropy, Double.MAX_VALUE),
            jackknife(all, without, Figures::distinct, 1),
            mean(SelfBleu.of(compared))));
  }

  private static Answer<TextDiversity> refused(String reason, String remedy) {
    return Answer.refused("diversity of a text", reason, remedy);
  }

  private static DocumentSample sample(DocumentSource source, Words words, long wanted) {
    DocumentSample sample = new DocumentSample(wanted, SEED);
    try (DocumentStream stream = source.open()) {
      while (stream.hasNext()) {
        Document document = stream.next();
        sample.offer(document.text(), words.hashes(document.text()));
      }
    }
    return sample;
  }

  private static List<long[]> words(DocumentSample sample) {
    return sample.documents().stream().map(DocumentSample.Drawn::words).toList();
  }

  private static Estimate jackknife(
      Figures all, List<Figures> without, ToDoubleFunction<Figures> of, double most) {
    double[] values = without.stream().mapToDouble(of).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double half = STUDENT_19 * Math.sqrt(squares * (GROUPS - 1) / GROUPS);
    double value = of.applyAsDouble(all);
    return Estimate.of(value, Math.max(0, value - half), Math.min(most, value + half));
  }

  private static Estimate mean(double[] values) {
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double half = NORMAL * Math.sqrt(squares / (values.length - 1) / values.length);
    return Estimate.of(mean, Math.max(0, mean - half), Math.min(1, mean + half));
  }

  private static CountTable count(List<long[]> documents) {
    CountTable counts = new CountTable();
    for (long[] document : documents) {
      for (long word : document) {
        counts.add(word, 1);
      }
    }
    return counts;
  }

  /** Types of natural text, and which of them are rare. */
  private record Reference(long[] types, LongSet rare) {
    static Reference of(List<long[]> documents) {
      CountTable counts = count(documents);
      long[] types = counts.sortedTerms();
      long[] sorted = Arrays.stream(types).map(counts::get).sorted().toArray();
      long limit = rareUpTo(sorted);
      LongSet rare = new LongSet();
      Arrays.stream(types).filter(type -> counts.get(type) <= limit).forEach(rare::add);
      return new Reference(types, rare);
    }

    /** The largest count whose types, and all rarer ones, have at most a tenth of the words. */
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

  private record Figures(double support, double tailMass, double entropy, double distinct) {
    static Figures of(List<long[]> documents, Reference reference) {
      CountTable counts = count(documents);
      long total = 0;
      long rare = 0;
      double sum = 0;
      for (long type : counts.sortedTerms()) {
        long n = counts.get(type);
        total += n;
        sum += n * Math.log(n);
        rare += reference.rare().contains(type) ? n : 0;
      }
      long known = Arrays.stream(reference.types()).filter(t -> counts.get(t) > 0).count();
      return new Figures(
          (double) known / reference.types().length,
          (double) rare / total,
          Math.log(total) - sum / total,
          distinct(documents));
    }

    private static double distinct(List<long[]> documents) {
      LongSet different = new LongSet();
      long all = 0;
      for (long[] document : documents) {
        for (long pair : TermCounter.ngrams(document, 2)) {
          different.add(pair);
          all++;
        }
      }
      return all == 0 ? 1 : (double) different.size() / all;
    }
  }
}
