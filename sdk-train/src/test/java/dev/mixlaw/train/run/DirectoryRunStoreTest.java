package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryRunStoreTest {
  private static final String DESCRIPTION = "study: one\nbudgets: [1, 2]\nmodel a: small\n";

  @TempDir Path directory;

  static List<Outcome> outcomes() {
    return List.of(
        Outcome.completed(),
        Outcome.diverged(12, "the loss is NaN"),
        Outcome.failed("a \"quoted\"\nreason"));
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void aResultIsReadBackBitForBit(Outcome outcome) {
    RunResult result = result(outcome);
    try (RunStore store = open(DESCRIPTION)) {
      store.save(result);
    }

    try (RunStore store = open(DESCRIPTION)) {
      assertThat(store.find("abc")).contains(result);
      assertThat(store.find("other")).isEmpty();
    }
  }

  @Test
  void filesKeepTheirKeysAndNumbers() throws IOException {
    List<String> runs = new ArrayList<>();
    try (RunStore store = open(DESCRIPTION)) {
      for (Outcome outcome : outcomes()) {
        store.save(result(outcome));
        runs.add(Files.readString(directory.resolve("runs/abc/run.json")));
      }
      store.freeze(Map.of("workers", "3"));
    }

    String begins =
        """
        {
          "format" : 1,
          "identity" : "abc",
          "mixture" : "mix",
          "model" : "tiny",
          "budget" : 640,
          "seed" : 2,
        """;
    String goesOn =
        """
          "non_embedding_parameters" : 664,
          "parameters" : 920,
          "tokens" : 640,
          "flops" : 3.3333333333333332E16,
          "exact_flops" : 3.141592653589793E19,
          "asked_shares" : {
            "a" : 0.3333333333333333,
            "b" : 0.6666666666666666
          },
          "achieved_shares" : {
            "a" : 0.3,
            "b" : 0.7
          },
          "repeats" : {
            "a" : 0.1,
            "b" : 3.9999999999999996
          },
          "learning_rate" : 0.30000000000000004,
          "batch_sequences" : 4,
        """;
    String completed = "  \"outcome\" : \"completed\",\n";
    String loss = "  \"training_loss\" : 2.718281828459045,\n";
    String diverged =
        """
          "outcome" : "diverged",
          "step" : 12,
          "reason" : "the loss is NaN",
        """;
    String failed =
        """
          "outcome" : "failed",
          "reason" : "a \\"quoted\\"\\nreason",
        """;
    String ends = "  \"seconds\" : 12.5\n}";
    assertThat(runs)
        .containsExactly(
            begins + completed + goesOn + loss + ends,
            begins + diverged + goesOn + ends,
            begins + failed + goesOn + ends);
    assertThat(directory.resolve("runs/abc/losses.json"))
        .hasContent(
            "{\"format\":1,\"identity\":\"abc\",\"domains\":[{\"domain\":\"prose\","
                + "\"nats_per_token\":[0.14285714285714285,0.1,0.2],"
                + "\"bits_per_byte\":[0.1111111111111111,0.1,0.2],"
                + "\"nats\":[1.0000000000000002,4.9E-324,0.002],"
                + "\"tokens\":[3,1,7],\"bytes\":[5,1,11]}],"
                + "\"choices\":[{\"test\":\"sky\",\"chance\":0.3333333333333333,"
                + "\"acc\":[0.5,0.1,0.9],\"acc_norm\":[0.0,0.0,0.7],\"acc_tokens\":[1.0,0.3,1.0],"
                + "\"cut\":3,\"right\":\"10\",\"right_norm\":\"00\",\"right_tokens\":\"11\"}]}");
    assertThat(directory.resolve("study.json"))
        .hasContent(
            """
            {
              "format" : 1,
              "description" : [ "study: one", "budgets: [1, 2]", "model a: small" ],
              "frozen" : {
                "workers" : "3"
              }
            }""");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"seed\" : 2,->", // missing
        "\"seed\" : 2->\"seed\" : \"2\"", // of another type
        "\"seed\" : 2->\"seed\" : null",
        "\"seed\" : 2->\"seed\" : 2, \"seeds\" : 3", // unknown
        "\"mixture\" : \"mix\",->",
        "\"a\" : 0.3,->\"a\" : null,",
        "\"completed\"->\"finished\"",
        "\"format\" : 1->\"format\" : 2"
      })
  void aResultThatIsNotWhatWasWrittenIsNamed(String change) throws IOException {
    try (RunStore store = open(DESCRIPTION)) {
      store.save(result(Outcome.completed()));
      Path file = directory.resolve("runs/abc/run.json");
      String[] parts = change.split("->", -1);
      String before = Files.readString(file);
      Files.writeString(file, before.replace(parts[0], parts[1]));
      assertThat(file).content().isNotEqualTo(before);

      assertThatThrownBy(() -> store.find("abc"))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("run.json")
          .hasMessageContaining("run abc");
    }
  }

  @Test
  void aSecondStoreOfTheSameDirectoryIsTurnedAway() {
    try (RunStore store = open(DESCRIPTION)) {
      assertThat(store.find("abc")).isEmpty();
      assertThatThrownBy(() -> open(DESCRIPTION))
          .isInstanceOfSatisfying(
              MixlawException.class,
              e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
          .hasMessageContaining("in use by process " + ProcessHandle.current().pid());
    }
    open(DESCRIPTION).close();
  }

  @Test
  void anotherStudysDirectoryIsRefusedWithTheLinesThatDiffer() {
    open(DESCRIPTION).close();

    MixlawException error =
        catchThrowableOfType(
            MixlawException.class, () -> open("study: one\nbudgets: [1, 3]\nmodel b: small\n"));

    assertThat(error.kind()).isEqualTo(MixlawException.Kind.STORAGE);
    assertThat(error.problems())
        .satisfiesExactlyInAnyOrder(
            p -> {
              assertThat(p.subject()).contains("budgets");
              assertThat(p.actual()).isEqualTo("budgets: [1, 3]");
              assertThat(p.expected()).isEqualTo("budgets: [1, 2]");
            },
            p -> assertThat(p.expected()).isEqualTo("model a: small"),
            p -> assertThat(p.actual()).isEqualTo("model b: small"));
    open(DESCRIPTION).close(); // the refusal gave the lock back
  }

  @Test
  void linesInAnotherOrderAreAnotherStudy() {
    open(DESCRIPTION).close();

    assertThatThrownBy(() -> open("budgets: [1, 2]\nstudy: one\nmodel a: small\n"))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("order");
  }

  @Test
  void whatIsFrozenStays() {
    try (RunStore store = open(DESCRIPTION)) {
      assertThat(store.frozen("workers")).isEmpty();
      store.freeze(Map.of("workers", "3"));
      store.freeze(Map.of("workers", "4"));
      assertThat(store.frozen("workers")).contains("3");
    }
    try (RunStore store = open(DESCRIPTION)) {
      assertThat(store.frozen("workers")).contains("3");
      store.freeze(Map.of("workers", "5", "engine", "native"));
      assertThat(store.frozen("workers")).contains("3");
      assertThat(store.frozen("engine")).contains("native");
    }
  }

  @Test
  void aDamagedStudyFileIsNamed() throws IOException {
    open(DESCRIPTION).close();
    Path file = directory.resolve("study.json");
    Files.writeString(file, Files.readString(file).substring(0, 30));

    assertThatThrownBy(() -> open(DESCRIPTION))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("study.json cannot be read");
  }

  @Test
  void aResultWithoutItsLossesIsNamed() throws IOException {
    try (RunStore store = open(DESCRIPTION)) {
      store.save(result(Outcome.completed()));
      Files.delete(directory.resolve("runs/abc/losses.json"));

      assertThatThrownBy(() -> store.find("abc"))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("losses.json of run abc cannot be read");
    }
  }

  @Test
  void aResultOfAnotherRunIsNotBelieved() throws IOException {
    try (RunStore store = open(DESCRIPTION)) {
      store.save(result(Outcome.diverged(1, "-")));
      Files.copy(
          directory.resolve("runs/abc/run.json"), store.directory("def").resolve("run.json"));

      assertThatThrownBy(() -> store.find("def")).hasMessageContaining("it is of run abc");
    }
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "-");

    assertThatThrownBy(() -> new DirectoryRunStores().open(file, DESCRIPTION))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining(file.toString());
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
    Disk full =
        new Disk() {
          @Override
          public void move(Path from, Path to) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    Path file = directory.resolve("file");
    Files.writeString(file, "old");

    assertThatThrownBy(() -> full.replace(file, new byte[] {1})).isInstanceOf(IOException.class);

    assertThat(file).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("file");
  }

  private RunStore open(String description) {
    return new DirectoryRunStores().open(directory, description);
  }

  private static RunResult result(Outcome outcome) {
    boolean completed = outcome.isCompleted();
    return new RunResult(
        new RunKey("mix", "tiny", new Tokens(640), 2),
        "abc",
        outcome,
        664,
        920,
        640,
        1e17 / 3,
        Math.PI * 1e19,
        Map.of("a", 1 / 3.0, "b", 2 / 3.0),
        Map.of("a", 0.3, "b", 0.7),
        Map.of("a", 0.1, "b", 3.9999999999999996),
        0.1 + 0.2,
        4,
        completed ? OptionalDouble.of(Math.E) : OptionalDouble.empty(),
        completed
            ? List.of(
                new DomainLoss(
                    "prose",
                    List.of(
                        new DocumentLoss(Math.nextUp(1.0), 3, 5),
                        new DocumentLoss(Double.MIN_VALUE, 1, 1),
                        new DocumentLoss(2.0E-3, 7, 11)),
                    Estimate.of(1 / 7.0, 0.1, 0.2),
                    Estimate.of(1 / 9.0, 0.1, 0.2)))
            : List.of(),
        completed
            ? List.of(
                new ChoiceAccuracy(
                    "sky",
                    1 / 3.0,
                    List.of(
                        new ChoiceAccuracy.Answered(true, false, true),
                        new ChoiceAccuracy.Answered(false, false, true)),
                    Estimate.of(0.5, 0.1, 0.9),
                    Estimate.of(0, 0, 0.7),
                    Estimate.of(1, 0.3, 1),
                    3))
            : List.of(),
        12.5);
  }
}
