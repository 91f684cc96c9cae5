package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegressionGateTest {
  @TempDir Path temporary;
  private Path natural;
  private Path worse;

  @BeforeEach
  void write() throws IOException {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    natural = corpora.resolve("natural/train/books.jsonl");
    Random random = new Random(5);
    String letters =
        random.ints(60_000, 'a', 'f').mapToObj(Character::toString).collect(Collectors.joining());
    worse = Files.writeString(temporary.resolve("worse.txt"), letters.replace("ab", " "));
  }

  @Test
  void aCandidateThatIsSignificantlyWorseFails() {
    Ran ran = gate(worse, "--seeds", "3");

    assertThat(ran.code()).as(ran.out() + ran.err()).isEqualTo(4);
    assertThat(ran.out()).contains("FAILED: the candidate is significantly worse");
    assertThat(temporary.resolve("lab/regression-gate.html")).isNotEmptyFile();
  }

  @Test
  void aCandidateThatIsNotWorseThanTheMarginPasses() {
    Ran ran = gate(natural, "--seeds", "3", "--margin", "0.5");

    assertThat(ran.code()).as(ran.out() + ran.err()).isZero();
    assertThat(ran.out()).contains("PASSED");
  }

  @Test
  void nothingPassesIfTheDataDecideNothing() {
    Ran narrow = gate(natural, "--seeds", "3", "--margin", "1e-9");
    assertThat(narrow.code()).isEqualTo(3);
    assertThat(narrow.out()).contains("UNDECIDED: the interval exceeds --margin");

    Ran single = gate(worse, "--seeds", "1");
    assertThat(single.code()).isEqualTo(3);
    assertThat(single.out()).contains("UNDECIDED: the seed noise is unknown");
  }

  private Ran gate(Path candidate, String... more) {
    List<String> args = new ArrayList<>(List.of("--model", "25k", "--budget", "10k"));
    args.addAll(List.of("--accepted", natural.toString(), "--candidate", candidate.toString()));
    args.addAll(List.of("--held-out", natural.resolveSibling("../valid/books.jsonl").toString()));
    args.addAll(List.of("--lab", temporary.resolve("lab").toString(), "--threads", "2"));
    args.addAll(List.of(more));
    return Ran.of(new RegressionGate(), args.toArray(String[]::new));
  }
}
