package dev.mixlaw.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * Questions with choices, one of which is right: a model answers with the choice that it finds
 * likeliest.
 *
 * @param name unique in a study; letters, digits, {@code . _ -}
 * @param questions in the file's order
 */
public record MultipleChoice(String name, List<Question> questions) {
  public MultipleChoice {
    Objects.requireNonNull(name, "name");
    questions = List.copyOf(questions);
  }

  /**
   * One question.
   *
   * @param id unique in its test
   * @param text what a choice follows, such as {@code Question: ... Answer:}
   * @param choices two or more, none empty
   * @param answer index of the right one, from 0
   */
  public record Question(String id, String text, List<String> choices, int answer) {
    /** Checks the choices and the answer. */
    public Question {
      Objects.requireNonNull(id, "id");
      Objects.requireNonNull(text, "text");
      choices = List.copyOf(choices);
      if (choices.size() < 2 || choices.stream().anyMatch(String::isEmpty)) {
        throw new IllegalArgumentException(
            "question " + id + ": choices " + choices + "; expected two or more, none empty");
      }
      Objects.checkIndex(answer, choices.size());
    }
  }

  public MultipleChoice named(String newName) {
    return new MultipleChoice(newName, questions);
  }

  /** Accuracy of one who guesses: the mean of one over the number of choices. */
  public double chance() {
    return questions.stream().mapToDouble(q -> 1.0 / q.choices().size()).average().orElse(0);
  }

  /** Hash of all questions in their order. */
  public String fingerprint() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      for (Question q : questions) {
        add(sha, q.id());
        add(sha, q.text());
        add(sha, q.choices().size() + " choices, " + q.answer());
        q.choices().forEach(c -> add(sha, c));
      }
      return HexFormat.of().formatHex(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void add(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    sha.update(bytes);
  }
}
