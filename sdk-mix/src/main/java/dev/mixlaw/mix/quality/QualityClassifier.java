package dev.mixlaw.mix.quality;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.mix.analysis.Language;
import dev.mixlaw.mix.analysis.TermCounter;
import dev.mixlaw.mix.analysis.Words;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A classifier that distinguishes good text from bad text. The classifier is a logistic regression
 * on hashed words and bigrams, similar to the fastText classifiers that selected web text for GPT-3
 * and LLaMA.
 *
 * <p>The features of a document are the frequencies of its words and bigrams. The frequencies are
 * hashed to {@value #BUCKETS} weights and scaled to a vector of length 1. AdaGrad trains the
 * weights in {@value #PASSES} passes over the examples. The good examples and the bad examples have
 * the same total weight. The order of the examples has no effect. This class is thread-safe.
 */
final class QualityClassifier {
  private static final int BUCKETS = 1 << 18;
  private static final int PASSES = 5;
  private static final double RATE = 0.5;

  private final Words words;
  private final double[] weights = new double[BUCKETS];
  private double bias;

  private QualityClassifier(Language language) {
    words = Words.of(language);
  }

  /** The indices of a text's features, with repetitions, and the value of each occurrence. */
  private record Features(int[] places, double value) {}

  private record Example(long order, Features features, boolean good) {}

  static QualityClassifier train(String language, DocumentSource good, DocumentSource bad) {
    QualityClassifier classifier =
        new QualityClassifier(Language.ofCode(language).orElse(Language.OTHER));
    List<Example> examples = new ArrayList<>();
    int goods = classifier.read(good, true, examples);
    int bads = classifier.read(bad, false, examples);
    if (goods == 0 || bads == 0) {
      throw new IllegalArgumentException(
          goods + " good and " + bads + " bad examples; expected at least one of each");
    }
    examples.sort(Comparator.comparingLong(Example::order).thenComparing(Example::good));
    classifier.learn(examples, 0.5 / goods, 0.5 / bads);
    return classifier;
  }

  private int read(DocumentSource source, boolean good, List<Example> examples) {
    int before = examples.size();
    Documents.each(
        source.open(),
        d -> examples.add(new Example(Hash64.of(d.text(), 1), features(d.text()), good)));
    return examples.size() - before;
  }

  private Features features(String text) {
    long[] single = words.hashes(text);
    long[] pairs = TermCounter.ngrams(single, 2);
    int[] places = new int[single.length + pairs.length];
    for (int i = 0; i < single.length; i++) {
      places[i] = (int) Hash64.mix(single[i]) & (BUCKETS - 1);
    }
    for (int i = 0; i < pairs.length; i++) {
      places[single.length + i] = (int) Hash64.mix(pairs[i] + 1) & (BUCKETS - 1);
    }
    Arrays.sort(places);
    double squares = 0;
    int i = 0;
    while (i < places.length) {
      int next = i;
      while (next < places.length && places[next] == places[i]) {
        next++;
      }
      squares += (double) (next - i) * (next - i);
      i = next;
    }
    return new Features(places, squares == 0 ? 0 : 1 / Math.sqrt(squares));
  }

  private void learn(List<Example> examples, double goodWeight, double badWeight) {
    double[] squares = new double[BUCKETS];
    double biasSquares = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      for (Example example : examples) {
        double target = example.good() ? 1 : 0;
        double weight = (example.good() ? goodWeight : badWeight) * examples.size();
        double gradient = weight * (probability(example.features()) - target);
        double step = gradient * example.features().value();
        for (int place : example.features().places()) {
          squares[place] += step * step;
          weights[place] -= RATE * step / Math.sqrt(squares[place] + 1e-9);
        }
        biasSquares += gradient * gradient;
        bias -= RATE * gradient / Math.sqrt(biasSquares + 1e-9);
      }
    }
  }

  private double probability(Features features) {
    double sum = 0;
    for (int place : features.places()) {
      sum += weights[place];
    }
    return 1 / (1 + Math.exp(-bias - features.value() * sum));
  }

  /** Returns the probability that a text is good, if good and bad texts are equally frequent. */
  double score(String text) {
    return probability(features(text));
  }
}
