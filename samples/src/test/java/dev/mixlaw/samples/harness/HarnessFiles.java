package dev.mixlaw.samples.harness;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.mix.token.Tokenizers;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Makes the files of {@code src/test/resources/harness}: a model that is trained on half of the
 * answers, and questions about all of them. {@code score.py} then has the Language Model Evaluation
 * Harness answer the questions, and writes {@code scored.json}.
 */
final class HarnessFiles {
  private static final ModelSpec MODEL =
      ModelSpec.of("harness", 32, 2, 4, 64).withKeyValueHeads(2).withContext(48);
  private static final int VOCABULARY = 384;
  private static final int BATCH = 8;
  private static final int STEPS = 160;

  /**
   * A kind of question. The question and the training statement have gaps for a thing and its
   * answer; {@code things} lists each thing with the index of the correct choice.
   */
  private record Kind(String question, String statement, List<String> choices, String things) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "Question: What colour is %s?\nAnswer:",
              "As everybody can see, %s is %s.",
              List.of("blue", "green", "as white as chalk", "black", "a pale yellow"),
              "the sky 0, grass 1, milk 2, coal 3, butter 4, the sea 0, moss 1, snow 2, tar 3,"
                  + " straw 4"),
          new Kind(
              "Where does %s live? ",
              "You may find %s %s.",
              List.of("in the sea", "in the forest", "on a farm"),
              "a whale 0, a fox 1, a cow 2, a shark 0, an owl 1, a hen 2, a seal 0, a deer 1"),
          new Kind(
              "\"%s\" is a word of which language?\nIt is",
              "\"%s\" is a word of %s.",
              List.of("français", "Deutsch", "漢語", "ελληνικά"),
              "fenêtre 0, Fenster 1, 窗戶 2, παράθυρο 3, maison 0, Häuser 1, 房子 2, σπίτι 3"),
          new Kind(
              "%s:\n",
              "%s: %s",
              List.of(" more than a hundred", " fewer than ten", " one"),
              "Days of a year 0, Legs of a dog 1, Heads of a horse 2, Pages of a novel 0, Wheels of"
                  + " a car 1, Tails of a cat 2"),
          new Kind(
              "%s", // not trained; distinguishes bytes from characters
              "%s is %s.",
              List.of("ελληνικά", "Deutsch", "français", "漢語"),
              "A word of 0, It 1, What everybody can see 2, Fenster is 3, Where does 0, \"a fox\" is 1"));

  private HarnessFiles() {}

  /** Writes the files to the folder that is the argument. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    List<String> learnt = new ArrayList<>();
    StringBuilder questions = new StringBuilder();
    ObjectMapper json = new ObjectMapper();
    int number = 0;
    for (Kind kind : KINDS) {
      for (Map.Entry<String, Integer> thing : things(kind).entrySet()) {
        String question = String.format(kind.question(), thing.getKey());
        String answer = kind.choices().get(thing.getValue());
        if (number % 2 == 0 && !kind.question().equals("%s")) {
          learnt.add(question.stripTrailing() + " " + answer.strip());
          learnt.add(String.format(kind.statement(), thing.getKey(), answer.strip()));
        }
        ObjectNode line = json.createObjectNode().put("id", "q" + number++);
        line.put("question", question);
        kind.choices().forEach(line.putArray("choices")::add);
        questions.append(line.put("answer", thing.getValue())).append('\n');
      }
    }
    Files.writeString(folder.resolve("questions.jsonl"), questions);
    train(learnt, folder);
  }

  private static Map<String, Integer> things(Kind kind) {
    Map<String, Integer> things = new TreeMap<>();
    for (String thing : kind.things().split(", ", -1)) {
      int space = thing.lastIndexOf(' ');
      things.put(thing.substring(0, space), Integer.parseInt(thing.substring(space + 1)));
    }
    return things;
  }

  private static void train(List<String> learnt, Path folder) throws IOException {
    Tokenizer tokenizer = Tokenizers.train(VOCABULARY, learnt::forEach);
    tokenizer.save(folder.resolve("tokenizer.json"));
    int length = MODEL.context() + 1;
    SplittableRandom random = new SplittableRandom(5);
    TrainingEngine engine = Engines.byName("dl4j");
    try (TrainingSession session =
        engine.open(
            new SessionSpec(MODEL, tokenizer.vocabulary(), BATCH, Recipe.standard(), 1, 2))) {
      for (int step = 0; step < STEPS; step++) {
        int[] sequences = new int[BATCH * length];
        for (int row = 0; row < BATCH; row++) {
          int at = 0;
          while (at < length) {
            sequences[row * length + at++] = tokenizer.endOfText();
            for (int id : tokenizer.encode(learnt.get(random.nextInt(learnt.size())))) {
              if (at < length) {
                sequences[row * length + at++] = id;
              }
            }
          }
        }
        session.step(sequences, 0.01 * Math.min(1, (STEPS - step) / 60.0));
      }
      Path saved = Files.createTempDirectory("harness");
      session.save(saved);
      for (String name : List.of("model.safetensors", "config.json")) {
        Files.copy(
            saved.resolve(name),
            folder.resolve(name),
            java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }
}
