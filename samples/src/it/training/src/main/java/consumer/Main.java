package consumer;

import static dev.mixlaw.api.units.Tokens.tokens;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Trains a small study with the engine native, in this JVM and, without arguments, in child JVMs. The
 * arguments are jars that must be on the path.
 */
public final class Main {
  private static final List<String> ABSENT =
      List.of(
          "org.deeplearning4j.nn.multilayer.MultiLayerNetwork",
          "org.nd4j.linalg.factory.Nd4j",
          "org.nd4j.shade.guava.collect.ImmutableList",
          "com.google.common.collect.ImmutableList");

  private Main() {}

  public static void main(String[] args) throws IOException {
    for (String name : ABSENT) {
      try {
        Class.forName(name);
        throw new IllegalStateException(name + " is on the class path");
      } catch (ClassNotFoundException expected) {
        // as it must be
      }
    }
    String path = System.getProperty("java.class.path") + System.getProperty("jdk.module.path");
    if (path.matches("(?s).*(nd4j|deeplearning4j|guava).*") || !List.of(args).stream().allMatch(path::contains)) {
      throw new IllegalStateException("expected " + List.of(args) + " and no ND4J: " + path);
    }
    Module module = Engines.class.getModule();
    if (module.isNamed() != Main.class.getModule().isNamed()) {
      throw new IllegalStateException(module + " does not use " + Main.class.getModule());
    }
    System.out.println(Engines.describe());

    Path work = Files.createTempDirectory("consumer");
    Corpus web = text(work, "web", 1).natural();
    Corpus hq = text(work, "hq", 2).rephrased("a-model");
    Study study =
        Study.named("small")
            .mixtures(Mixture.grid(web, hq, 0, 0.5))
            .models(ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16))
            .budgets(tokens("4096"))
            .tokenizer(TokenizerSpec.trainedBpe(300))
            .recipe(Recipe.standard().withBatch(tokens("256")))
            .evaluateOn(Domains.of(text(work, "news", 3)));
    List<Double> here = losses(Lab.in(work.resolve("here")), study);
    List<Double> children =
        args.length > 0 ? here : losses(
            Lab.in(work.resolve("children")).runner(new LocalStudyRunner().inChildJvms()), study);
    if (here.size() != 2 || !here.equals(children)) {
      throw new IllegalStateException("in this JVM " + here + ", in child JVMs " + children);
    }
    System.out.println("Java " + Runtime.version() + ", " + module);
    System.out.println("losses in this JVM and in child JVMs: " + here);
  }

  private static List<Double> losses(Lab.Builder builder, Study study) {
    try (Lab lab = builder.engine(Engines.nativeCpu()).threads(1).open()) {
      List<Double> losses = new ArrayList<>();
      for (RunResult run : lab.run(study, StudyListener.none()).runs()) {
        if (!run.completed()) {
          throw new IllegalStateException(run.key() + ": " + run.outcome());
        }
        losses.add(run.measurements().get(0).value().value());
      }
      return losses;
    }
  }

  private static Corpus text(Path work, String name, long seed) throws IOException {
    Random random = new Random(seed);
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 200; i++) {
      lines.append("{\"text\": \"");
      for (int w = 0; w < 60; w++) {
        lines.append((char) ('a' + random.nextInt(5))).append("bcde ".charAt(random.nextInt(5)));
      }
      lines.append("\"}\n");
    }
    Path file = Files.writeString(work.resolve(name + ".jsonl"), lines);
    return Corpus.jsonl(file).named(name);
  }
}
