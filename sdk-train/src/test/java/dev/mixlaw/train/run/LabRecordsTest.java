package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import dev.mixlaw.train.run.LabRecords.TrainedRun;
import dev.mixlaw.train.storage.Disk;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabRecordsTest {
  private static final String IDENTITY = "0123456789abcdef0123456789abcdef-the-rest";
  private static final Measured PROSE = new Measured("domain", "prose", IDENTITY);
  private static final Measured SKY = new Measured("test", "sky", IDENTITY);

  @TempDir Path directory;
  private final List<String> damaged = new ArrayList<>();

  static List<Optional<RunFailure>> failures() {
    return List.of(
        Optional.empty(),
        Optional.of(RunFailure.diverged(12, "the loss is NaN")),
        Optional.of(new RunFailure(RunFailure.Kind.OTHER, "a \"quoted\"\nreason", "")));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void aRunIsReadExactlyAsWritten(Optional<RunFailure> failure) {
    TrainedRun run = run(failure);

    records().save(run);

    assertThat(records().run("abc", damaged::add)).contains(run);
    assertThat(records().run("other", damaged::add)).isEmpty();
    assertThat(damaged).isEmpty();
  }

  /** Earlier versions stored the failure in an outcome, with the step of a divergence beside it. */
  @ParameterizedTest
  @MethodSource("failures")
  void runsOfEarlierVersionsAreRead(Optional<RunFailure> failure) throws IOException {
    TrainedRun run = run(failure);
    records().save(run);
    Path file = directory.resolve("runs/abc/run.json");
    ObjectNode json = JsonRecords.read(Files.readAllBytes(file), ObjectNode.class);
    ObjectNode outcome = ((ObjectNode) json.path("result")).putObject("outcome");
    if (((ObjectNode) json.path("result")).remove("failure") instanceof ObjectNode before) {
      if (before.has("step")) {
        outcome.set("step", before.remove("step"));
      }
      outcome.set("failure", before);
    }
    json.remove("checksum");
    Files.write(file, JsonRecords.sealed(json));

    assertThat(records().run("abc", damaged::add)).contains(run);
    assertThat(damaged).isEmpty();
  }

  @Test
  void aPublishedResultIsNotReplaced() throws IOException {
    TrainedRun failed = run(failures().get(2));
    TrainedRun completed = run(Optional.empty());
    Path file = directory.resolve("runs/abc/run.json");

    records().save(failed);
    records().save(completed);
    assertThat(records().run("abc", damaged::add)).as("a failure is").contains(completed);
    byte[] published = Files.readAllBytes(file);
    records().save(new TrainedRun(completed.result(), "another device", completed.model()));
    assertThat(file).hasBinaryContent(published);
    records().save(new TrainedRun(completed.result(), "another device", List.of()));
    assertThat(records().run("abc", damaged::add)).as("another model is").isNotEqualTo(completed);

    records().save("abc", PROSE, loss("prose"));
    records().save("abc", PROSE, List.of());
    assertThat(records().measurements("abc", PROSE, damaged::add)).contains(loss("prose"));
  }

  @Test
  void measurementsAreReadExactlyUnderTheNamesOfTheStudy() {
    records().save("abc", PROSE, loss("prose"));
    records().save("abd", SKY, accuracy("sky"));

    Measured wiki = new Measured("domain", "wiki", IDENTITY);
    assertThat(records().measurements("abc", wiki, damaged::add)).contains(loss("wiki"));
    Measured sea = new Measured("test", "sea", IDENTITY);
    assertThat(records().measurements("abd", sea, damaged::add)).contains(accuracy("sea"));
    assertThat(records().measurements("abe", wiki, damaged::add)).isEmpty();
    assertThat(damaged).isEmpty();
  }

  @Test
  void filesKeepTheirKeysAndNumbers() throws IOException {
    records().save(run(failures().get(1)));
    records().save("abc", PROSE, loss("prose"));

    assertThat(directory.resolve("runs/abc/run.json"))
        .hasContent(
            """
            {
              "format" : 3,
              "result" : {
                "key" : {
                  "mixture" : "mix",
                  "model" : "tiny",
                  "budget" : {
                    "count" : 640
                  },
                  "seed" : 2,
                  "rate_factor" : 1.0
                },
                "identity" : "abc",
                "failure" : {
                  "kind" : "DIVERGED",
                  "message" : "the loss is NaN",
                  "stack" : "",
                  "step" : 12
                },
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
                "measurements" : [ ],
                "seconds" : 12.5
              },
              "device" : "cpu (test)",
              "model_files" : [ {
                "name" : "config.json",
                "bytes" : 7,
                "crc32c" : 4294967295
              } ],
              "checksum" : "RUN"
            }\
            """
                .replace("RUN", checksum("runs/abc/run.json")));
    String losses = "measurements/abc/0123456789abcdef0123456789abcdef.json";
    assertThat(directory.resolve(losses))
        .hasContent(
            "{\"format\":3,\"run\":\"abc\",\"measurements\":[{\"subject\":\"prose\","
                + "\"metric\":{\"name\":\"nats_per_token\","
                + "\"description\":\"cross-entropy in nats per token\","
                + "\"unit\":\"nats per token\",\"higher_is_better\":false},"
                + "\"value\":{\"value\":0.14285714285714285,"
                + "\"interval\":{\"low\":0.1,\"high\":0.2}},"
                + "\"scores\":[1.0000000000000002,4.9E-324,0.002],"
                + "\"weights\":[3.0,1.0,7.0],\"details\":{}}],\"checksum\":\""
                + checksum(losses)
                + "\"}");
  }

  private String checksum(String file) throws IOException {
    String text = Files.readString(directory.resolve(file));
    int at = text.indexOf("\"checksum\"");
    String hex = text.substring(text.indexOf('"', text.indexOf(':', at)) + 1);
    return hex.substring(0, 64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"learning_rate\" : 0.30000000000000004,->", // missing
        "\"seed\" : 2->\"seed\" : \"2\"", // of another type
        "\"seed\" : 2->\"seed\" : null",
        "\"seed\" : 2->\"seed\" : 3", // of the right type
        "\"seed\" : 2->\"seed\" : 2, \"seed\" : 2", // twice
        "\"seed\" : 2->\"seed\" : 2, \"seeds\" : 3", // unknown
        "\"mixture\" : \"mix\",->",
        "\"a\" : 0.3,->\"a\" : 0.30000000000000004,",
        "\"identity\" : \"abc\"->\"identity\" : null",
        "\"format\" : 3->\"format\" : 1",
        "\"checksum\" : \"->\"checksum\" : \"0",
        "checksum->sum"
      })
  void aDamagedRecordIsReportedAndTreatedAsMissing(String change) throws IOException {
    records().save(run(Optional.empty()));
    Path file = directory.resolve("runs/abc/run.json");
    String[] parts = change.split("->", -1);
    String before = Files.readString(file);
    Files.writeString(file, before.replace(parts[0], parts[1]));
    assertThat(file).content().isNotEqualTo(before);

    assertThat(records().run("abc", damaged::add)).isEmpty();

    assertThat(damaged).singleElement().asString().startsWith("runs/abc/run.json is damaged (");
  }

  /**
   * Flips each bit of a record of each kind, and truncates the record to each length. The damage
   * must be detected or have no effect.
   */
  @Test
  void noFlippedBitAndNoCutChangesWhatIsRead() throws IOException {
    TrainedRun run = run(Optional.empty());
    records().save(run);
    records().save("abc", PROSE, loss("prose"));
    records().save("abd", SKY, accuracy("sky"));
    neverRead("runs/abc/run.json", () -> records().run("abc", damaged::add), run);
    String name = "0123456789abcdef0123456789abcdef.json";
    neverRead(
        "measurements/abc/" + name,
        () -> records().measurements("abc", PROSE, damaged::add),
        loss("prose"));
    neverRead(
        "measurements/abd/" + name,
        () -> records().measurements("abd", SKY, damaged::add),
        accuracy("sky"));
  }

  private <T> void neverRead(String file, Supplier<Optional<T>> read, T right) throws IOException {
    Path path = directory.resolve(file);
    byte[] content = Files.readAllBytes(path);
    for (int bit = 0; bit < content.length * 8; bit++) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      onlyRight(path, flipped, read, right);
    }
    for (int length = 0; length < content.length; length++) {
      onlyRight(path, Arrays.copyOf(content, length), read, right);
    }
    Files.delete(path);
    assertThat(read.get()).isEmpty();
  }

  private <T> void onlyRight(Path path, byte[] content, Supplier<Optional<T>> read, T right)
      throws IOException {
    Files.write(path, content);
    damaged.clear();
    Optional<T> found = read.get();
    if (found.isPresent()) {
      assertThat(found).contains(right);
    } else {
      assertThat(damaged).hasSize(1);
    }
  }

  @Test
  void swappedRecordsAreDetected() throws IOException {
    records().save(run(Optional.of(RunFailure.diverged(1, "-"))));
    records().save("abc", PROSE, loss("prose"));
    Files.createDirectories(directory.resolve("runs/def"));
    Files.copy(directory.resolve("runs/abc/run.json"), directory.resolve("runs/def/run.json"));
    Files.createDirectories(directory.resolve("measurements/def"));
    String name = "0123456789abcdef0123456789abcdef.json";
    Files.copy(
        directory.resolve("measurements/abc").resolve(name),
        directory.resolve("measurements/def").resolve(name));

    assertThat(records().run("def", damaged::add)).isEmpty();
    assertThat(records().measurements("def", PROSE, damaged::add)).isEmpty();
    assertThat(damaged).hasSize(2).allMatch(d -> d.contains("it belongs to run abc"));
  }

  @Test
  void aLabOfTheOldLayoutIsRefused() throws IOException {
    Files.createDirectories(directory.resolve("old/runs"));
    Files.writeString(directory.resolve("old/study.json"), "{}");

    assertThatThrownBy(() -> LabStore.open(directory, new Disk()))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining("older version of Mixlaw, such as old");
  }

  /** An intact record in another format must not be treated as damaged and be overwritten. */
  @Test
  void aRecordOfAnotherFormatIsRefused() throws IOException {
    LabStore store = LabStore.open(directory, new QuickDisk());
    store.write("runs/abc/run.json", JsonRecords.sealed(Map.of("format", 2, "identity", "abc")));

    assertThatThrownBy(() -> records().run("abc", damaged::add))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining("runs/abc/run.json: format 2; expected 3; expected a lab of this");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsNamed() throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "-");
    LabStore store = LabStore.open(file, new Disk());

    assertThatThrownBy(() -> store.write("a/b", new byte[1]))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining(file.toString());
  }

  @Test
  void ofSeveralCreatorsOneSucceedsAndASymbolicLinkIsNotFollowed() throws IOException {
    LabStore store = LabStore.open(directory, new Disk());

    assertThat(store.create("claims/a.0", new byte[] {1})).isTrue();
    assertThat(store.create("claims/a.0", new byte[] {2})).isFalse();
    assertThat(store.read("claims/a.0")).contains(new byte[] {1});
    assertThat(store.list("claims")).containsExactly("a.0");
    store.delete("claims/a.0");
    assertThat(store.read("claims/a.0")).isEmpty();
    assertThat(store.list("nothing")).isEmpty();
    assertThatThrownBy(() -> store.directory("../outside")).isInstanceOf(MixlawException.class);
    Path outside = Files.writeString(directory.resolve("precious"), "mine");
    Files.createSymbolicLink(directory.resolve("claims/b"), outside);
    assertThatThrownBy(() -> store.write("claims/b", new byte[1]))
        .hasMessageContaining("is a symbolic link");
    assertThat(outside).hasContent("mine");
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoOther() throws IOException {
    Path file = directory.resolve("file");
    Files.writeString(file, "old");

    assertThatThrownBy(
            () ->
                DurableFile.replace(
                    file,
                    channel -> {
                      DurableFile.writeFully(channel, new byte[] {1});
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class);

    assertThat(file).hasContent("old");
    assertThat(directory.toFile().list()).containsExactly("file");
  }

  private LabRecords records() {
    return new LabRecords(LabStore.open(directory, new QuickDisk()));
  }

  private static TrainedRun run(Optional<RunFailure> failure) {
    return new TrainedRun(
        result(failure), "cpu (test)", List.of(new FileSum("config.json", 7, 0xffffffffL)));
  }

  private static List<Measurement> loss(String domain) {
    return List.of(
        new Measurement(
            domain,
            Metric.NATS_PER_TOKEN,
            Estimate.of(1 / 7.0, 0.1, 0.2),
            List.of(Math.nextUp(1.0), Double.MIN_VALUE, 2.0E-3),
            List.of(3.0, 1.0, 7.0),
            Map.of()));
  }

  private static RunResult result(Optional<RunFailure> failure) {
    boolean completed = failure.isEmpty();
    return new RunResult(
        new RunKey("mix", "tiny", new Tokens(640), 2),
        "abc",
        failure,
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
        List.of(),
        12.5);
  }

  private static List<Measurement> accuracy(String test) {
    Estimate probability = Estimate.of(1 / 7.0, 0, 0.7);
    return List.of(
        new Measurement(test, Metric.ACC, Estimate.of(0.5, 0.1, 0.9), List.of(1.0, 0.0)),
        new Measurement(
            test,
            Metric.CORRECT_PROB_NORM,
            probability,
            List.of(0.1 + 0.2, 0.0),
            List.of(),
            Map.of("chance", 1 / 3.0)));
  }
}
