package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.api.spi.TextGenerator;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** A generator that answers by a function, counts requests, and fails when a test asks for it. */
final class FakeGenerator implements TextGenerator {
  private final String name;
  private final Function<String, String> answer;
  private final Map<String, List<GeneratorException>> failures = new HashMap<>();
  private final Map<String, List<String>> answers = new HashMap<>();
  private long[] counts = {100, -1};
  final List<String> prompts = Collections.synchronizedList(new ArrayList<>());
  final List<Settings> settings = Collections.synchronizedList(new ArrayList<>());

  FakeGenerator(String name, Function<String, String> answer) {
    this.name = name;
    this.answer = answer;
  }

  /** Makes the next requests fail whose prompt contains the given text. */
  FakeGenerator failing(String within, int times, Failure failure) {
    failures.put(
        within,
        new ArrayList<>(
            Collections.nCopies(times, new GeneratorException(failure, "failed by the test"))));
    return this;
  }

  /** Sets the answers to the next requests whose prompt contains the given text. */
  FakeGenerator answering(String within, String... texts) {
    answers.put(within, new ArrayList<>(List.of(texts)));
    return this;
  }

  /** Sets the numbers of tokens that are reported for every prompt and answer. */
  FakeGenerator counting(long prompt, long written) {
    counts = new long[] {prompt, written};
    return this;
  }

  /** Returns the seeds of all requests whose prompt contains the given text, in order. */
  List<Long> seeds(String within) {
    List<Long> seeds = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      if (prompts.get(i).contains(within)) {
        seeds.add(settings.get(i).seed());
      }
    }
    return seeds;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of("kind", "fake");
  }

  @Override
  public Written write(String prompt, Settings how) {
    prompts.add(prompt);
    settings.add(how);
    synchronized (failures) {
      failures.forEach(
          (within, left) -> {
            if (prompt.contains(within) && !left.isEmpty()) {
              throw left.remove(0);
            }
          });
    }
    String text = prepared(prompt).orElseGet(() -> answer.apply(prompt));
    return new Written(
        text,
        text.endsWith("…"),
        OptionalLong.of(counts[0]),
        OptionalLong.of(counts[1] == -1 ? text.length() : counts[1]));
  }

  private Optional<String> prepared(String prompt) {
    synchronized (answers) {
      return answers.entrySet().stream()
          .filter(e -> prompt.contains(e.getKey()) && !e.getValue().isEmpty())
          .map(e -> e.getValue().remove(0))
          .findFirst();
    }
  }
}
