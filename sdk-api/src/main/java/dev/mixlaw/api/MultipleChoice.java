package dev.mixlaw.api;

import dev.mixlaw.api.internal.Hashing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;

/**
 * A multiple-choice test. A model answers a question with the choice that has the highest
 * likelihood.
 *
 * @param name unique in a study; consists of letters, digits and {@code . _ -}
 * @param questions the questions, in the order of the file
 */
public record MultipleChoice(String name, List<Question> questions) {
  /** Copies the list. */
  public MultipleChoice {
    Objects.requireNonNull(name, "name");
    questions = List.copyOf(questions);
  }

  /**
   * A question with its choices.
   *
   * @param id unique in its test
   * @param text text that precedes each choice, such as {@code Question: ... Answer:}
   * @param choices two or more texts, none of them empty
   * @param answer index of the correct choice, from 0
   */
  public record Question(String id, String text, List<String> choices, int answer) {
    /**
     * Checks the number of choices and the index of the answer.
     *
     * @throws IllegalArgumentException if there are fewer than two choices, or a choice is empty
     * @throws IndexOutOfBoundsException if {@code answer} is not the index of a choice
     */
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

  /** Returns a copy of this test with the given name. */
  public MultipleChoice named(String newName) {
    return new MultipleChoice(newName, questions);
  }

  /** Returns the chance level, which is the expected accuracy of random answers. */
  public double chance() {
    return questions.stream().mapToDouble(q -> 1.0 / q.choices().size()).average().orElse(0);
  }

  /** Returns a SHA-256 hash of the questions in their order, as 64 hexadecimal digits. */
  public String fingerprint() {
    MessageDigest sha = Hashing.newSha256();
    for (Question q : questions) {
      add(sha, q.id());
      add(sha, q.text());
      add(sha, q.choices().size() + " choices, " + q.answer());
      q.choices().forEach(c -> add(sha, c));
    }
    return Hashing.hex(sha.digest());
  }

  private static void add(MessageDigest sha, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    sha.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    sha.update(bytes);
  }
}
