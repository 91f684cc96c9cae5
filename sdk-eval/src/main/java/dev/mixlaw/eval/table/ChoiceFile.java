package dev.mixlaw.eval.table;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.Problem;
import dev.mixlaw.eval.table.TableFile.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A multiple-choice test in a JSON Lines file, one question per line. A {@code .gz} file is
 * decompressed.
 *
 * <pre>{@code
 * {"id": "sky-1", "question": "Question: What color is the sky?\nAnswer:",
 *  "choices": ["blue", "green"], "answer": 0}
 * }</pre>
 *
 * <pre>{@code
 * Study.named("s")....ask(ChoiceFile.jsonl(Path.of("sky.jsonl")).read());
 * }</pre>
 *
 * <p>The answer is either the index of the correct choice, from 0, or the correct choice itself. In
 * the format of the ARC dataset on Hugging Face, choices are {@code {"text": [...], "label": ["A",
 * ...]}}, and the answer is a label. The default id of a question is {@code file:line}. The
 * question must include any few-shot prompt or template, because only a space is added between
 * question and choice.
 *
 * @param name name of the test; default: the file name without extension
 * @param questionField name of the field with the question; default: {@code question}
 * @param choicesField name of the field with the choices; default: {@code choices}
 * @param answerField name of the field with the answer; default: {@code answer}
 */
public record ChoiceFile(
    Path file, String name, String questionField, String choicesField, String answerField) {
  /** Checks that no component is null. */
  public ChoiceFile {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(questionField, "questionField");
    Objects.requireNonNull(choicesField, "choicesField");
    Objects.requireNonNull(answerField, "answerField");
  }

  /** Describes a file with the fields {@code question}, {@code choices} and {@code answer}. */
  public static ChoiceFile jsonl(Path file) {
    return new ChoiceFile(file, Corpus.text(file).name(), "question", "choices", "answer");
  }

  /** Returns a copy with another test name. */
  public ChoiceFile named(String newName) {
    return new ChoiceFile(file, newName, questionField, choicesField, answerField);
  }

  /** Returns a copy with other field names, such as {@code question, choices, answerKey} in ARC. */
  public ChoiceFile fields(String question, String choices, String answer) {
    return new ChoiceFile(file, name, question, choices, answer);
  }

  /**
   * Reads all questions.
   *
   * @throws MixlawException of kind DATA if the file has no questions or is invalid: a field is
   *     missing, an id occurs twice, there are fewer than two choices, a choice is empty or occurs
   *     twice, or the answer is not a choice. The exception lists the first twenty problems
   */
  public MultipleChoice read() {
    List<Question> questions = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    try (JsonlFile rows = new JsonlFile(file)) {
      for (Row row = rows.next(problems); row != null; row = rows.next(problems)) {
        try {
          questions.add(question(row.cells(), row.place(), ids));
        } catch (MixlawException e) {
          problems.addAll(e.problems());
        }
      }
    }
    if (questions.isEmpty() && problems.isEmpty()) {
      problems.add(
          new Problem("test " + name, file + " has no question", "at least one", "edit the file"));
    }
    TableFile.throwAny(problems);
    return new MultipleChoice(name, questions);
  }

  private Question question(JsonNode row, String place, Set<String> ids) {
    JsonNode text = row.path(questionField);
    if (!text.isTextual()) {
      throw wrong(
          place,
          "no text in field \"" + questionField + "\"",
          "a question; the fields are " + names(row));
    }
    JsonNode given = row.path(choicesField);
    List<String> choices = texts(given.isObject() ? given.path("text") : given);
    if (choices.size() < 2) {
      throw wrong(
          place,
          choices.size() + " choices in field \"" + choicesField + "\"",
          "a list of two or more strings; the fields are " + names(row));
    }
    if (choices.stream().anyMatch(String::isEmpty)) {
      throw wrong(place, "an empty choice in " + choices, "non-empty choices");
    }
    if (new HashSet<>(choices).size() < choices.size()) {
      throw wrong(place, "a repeated choice in " + choices, "distinct choices");
    }
    List<String> labels = texts(given.path("label"));
    int answer = answer(row.get(answerField), choices, labels, place);
    JsonNode named = row.path("id");
    String id = named.isValueNode() && !named.isNull() ? named.asText() : place;
    if (!ids.add(id)) {
      throw wrong(place, "repeated id " + id, "unique ids");
    }
    return new Question(id, text.textValue(), choices, answer);
  }

  private int answer(
      @Nullable JsonNode given, List<String> choices, List<String> labels, String place) {
    Optional<Integer> answer = Optional.empty();
    if (given != null && !labels.isEmpty()) {
      answer = Optional.of(labels.indexOf(given.asText()));
    } else if (given != null && given.isTextual()) {
      answer = Optional.of(choices.indexOf(given.textValue()));
    } else if (given != null && given.isIntegralNumber() && given.canConvertToInt()) {
      answer = Optional.of(given.intValue());
    }
    return answer
        .filter(a -> a >= 0 && a < choices.size())
        .orElseThrow(
            () ->
                wrong(
                    place,
                    "answer " + given + " in field \"" + answerField + "\"",
                    labels.isEmpty()
                        ? "a number from 0 to " + (choices.size() - 1) + ", or one of " + choices
                        : "one of " + labels));
  }

  private static MixlawException wrong(String place, String actual, String allowed) {
    return MixlawException.data(place, actual, allowed, "edit the file");
  }

  private static List<String> names(JsonNode row) {
    List<String> names = new ArrayList<>();
    row.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Returns the elements of a JSON array of strings. Returns an empty list for any other node. */
  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : list) {
      if (!list.isArray() || !item.isTextual()) {
        return List.of();
      }
      texts.add(item.textValue());
    }
    return texts;
  }
}
