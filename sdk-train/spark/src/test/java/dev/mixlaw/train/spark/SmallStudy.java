package dev.mixlaw.train.spark;

import static dev.mixlaw.api.units.Tokens.tokens;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.engine.Engines;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A study of synthetic text that takes about a second. */
final class SmallStudy {
  private SmallStudy() {}

  static Study of(int seeds, String... budgets) {
    return of(text("web", 1).natural(), text("hq", 2).rephrased("m"), text("news", 3))
        .budgets(budgets)
        .seeds(seeds);
  }

  static Study of(Corpus natural, Corpus synthetic, Corpus domain) {
    return Study.named("small")
        .mixtures(Mixture.grid(natural, synthetic, 0, 0.5))
        .models(ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16))
        .tokenizer(TokenizerSpec.trainedBpe(300))
        .recipe(Recipe.standard().withBatch(tokens("256")))
        .evaluateOn(Domains.of(domain));
  }

  private static Corpus text(String name, long seed) {
    return Corpus.documents(
        name,
        () -> {
          Random random = new Random(seed);
          return DocumentStream.of(
              IntStream.range(0, 100)
                  .mapToObj(i -> new Document(name + i, words(random)))
                  .toList());
        });
  }

  private static String words(Random random) {
    return IntStream.range(0, 60)
        .mapToObj(w -> (char) ('a' + random.nextInt(5)) + "" + "bcde ".charAt(random.nextInt(5)))
        .collect(Collectors.joining());
  }

  static Lab.Builder lab(Path directory) {
    return Lab.in(directory).engine(Engines.nativeCpu()).threads(1).withoutWordComparison();
  }

  /**
   * Returns the outcomes, losses and item scores of runs. They do not depend on where a study runs.
   */
  static List<String> results(List<RunResult> runs) {
    return runs.stream()
        .map(
            r ->
                r.key()
                    + " "
                    + r.identity()
                    + " "
                    + r.outcome()
                    + " "
                    + r.trainingLoss()
                    + " "
                    + r.measurements())
        .toList();
  }
}
