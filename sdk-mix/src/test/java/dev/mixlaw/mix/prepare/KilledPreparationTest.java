package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that a preparation can be resumed after its JVM was killed, and then gives the same files.
 */
class KilledPreparationTest {
  @TempDir Path directory;

  /** The child process; prepares the study in the given directory and prints its progress. */
  public static void main(String[] arguments) {
    new StudyPreparer().prepare(study(), Path.of(arguments[0]), System.out::println).close();
  }

  private static Study study() {
    return Study.named("s")
        .mixtures(Mixture.of(corpus("a", 1)), Mixture.of(corpus("b", 2)))
        .tokenizer(TokenizerSpec.trainedBpe(400))
        .evaluateOn(Domains.of(corpus("d", 3)));
  }

  private static Corpus corpus(String name, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 2000; w++) {
        text.append(Long.toString(random.nextInt(40_000), 36)).append(' ');
      }
      all.add(new Document(name + i, text.toString()));
    }
    return Corpus.documents(name, () -> DocumentStream.of(all));
  }

  private static Map<String, byte[]> filesOf(Path directory) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(directory.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return files;
  }

  @Test
  void aKilledPreparationGivesTheSameFiles() throws IOException, InterruptedException {
    Path undisturbed = directory.resolve("undisturbed");
    new StudyPreparer().prepare(study(), undisturbed, StudyListener.none()).close();
    Path killed = directory.resolve("killed");

    // each child process is killed later than the previous one, some while they write a temporary
    // file
    killWhen(killed, "stage=text of corpus b");
    killWhen(killed, "stage=tokenizer, done=2");
    killWhen(killed, "stage=tokens of corpus a, done=1");
    killWhen(killed, "stage=tokens of corpus b, done=2");
    killWhen(killed, "stage=tokens of domain d, done=1");
    assertThat(filesOf(killed).keySet()).anyMatch(f -> f.endsWith(".tmp"));
    new StudyPreparer().prepare(study(), killed, StudyListener.none()).close();

    assertThat(filesOf(killed)).containsExactlyEntriesOf(filesOf(undisturbed));
  }

  /** Starts a child process, and kills it as soon as it prints a line with the given text. */
  private static void killWhen(Path data, String said) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KilledPreparationTest.class.getName(),
                data.toString())
            .redirectErrorStream(true)
            .start();
    List<String> heard = new ArrayList<>();
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        heard.add(line);
        if (line.contains(said)) {
          break;
        }
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertThat(heard).as("output of the child").isNotEmpty().last().asString().contains(said);
  }
}
