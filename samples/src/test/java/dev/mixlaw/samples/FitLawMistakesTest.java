package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests wrong tables and options, and data that is not sufficient for a law. */
class FitLawMistakesTest {
  private static final String DATA =
      "tokens,loss\n1e7,5\n3e7,4.2\n1e8,3.6\n3e8,3.25\n1e9,2.95\n3e9,2.76\n";

  @TempDir Path directory;

  private Ran run(String text, String args) throws IOException {
    Path csv = Files.writeString(directory.resolve("losses.csv"), text);
    List<String> all = new ArrayList<>(List.of("--csv", csv.toString()));
    all.addAll(Arrays.asList(args.split(" ", -1)));
    return Ran.writing(directory.resolve("out/fit.json"), new FitLaw(), all.toArray(String[]::new));
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(DATA, "--form data --loss bpb", "column bpb (the loss)|[tokens, loss]"),
        Arguments.of(DATA, "--form model", "column params (N, parameters)|[tokens, loss]"),
        Arguments.of(DATA, "--form added-synthetic", "column human_tokens|column synthetic_tokens"),
        Arguments.of(DATA + "0,3\n", "--form data", "losses.csv:8, column tokens: 0|above 0"),
        Arguments.of(DATA + "1e9,-3\n", "--form data", "losses.csv:8, column loss: -3|above 0"),
        Arguments.of(
            DATA + "1e9,NaN\n", "--form data", "losses.csv:8, column loss: \"NaN\"|finite"),
        Arguments.of(
            DATA + "1e9,\n", "--form data", "losses.csv:8, column loss: empty|--skip-empty"),
        Arguments.of(
            DATA + "1e9,\n",
            "--form data --skip-empty --where tokens>1e12",
            "none of 7 rows meets the conditions [tokens>1e12]"),
        Arguments.of(DATA, "--form data --where flops>1", "column flops (condition flops>1)"),
        Arguments.of(DATA + "1e7,5\n", "--form data", "losses.csv:8: identical to losses.csv:2"),
        Arguments.of(
            "tokens;loss\n1e7;5\n3e7;4,2\n",
            "--form data",
            "losses.csv:3, column loss: \"4,2\"|point"),
        Arguments.of(
            DATA + "1e9,\"3\n",
            "--form data",
            "losses.csv:8: not CSV|closing quote|every quote closed"),
        Arguments.of(DATA + "1e9\n", "--form data", "losses.csv:8: 1 cells|2 cells"),
        Arguments.of(
            "web,code,loss\n.5,.3,3\n",
            "--form mixing --shares web,code",
            "losses.csv:2, column web + code: 0.8|a sum within 1 % of 1"),
        Arguments.of(
            DATA,
            "--form data --where tokens>1e12",
            "none of 6 rows meets the conditions [tokens>1e12]"),
        Arguments.of(
            DATA, "--form data --where corpus=web", "column corpus (condition corpus=web)"),
        Arguments.of("tokens;loss\n1e7;5,2\n", "--form data", "losses.csv:2|--decimal-comma"));
  }

  static Stream<Arguments> wrongOptions() {
    return Stream.of(
        Arguments.of("--form dada", "form dada is unknown|chinchilla"),
        Arguments.of("--form mixing", "at least two sources"),
        Arguments.of("--form data --fixed alpha=1", "no parameter alpha|[E, B, beta]"),
        Arguments.of("--form data --bounds E=2:1", "--bounds|bounds of E: 2.0 to 1.0"),
        Arguments.of("--form data --bounds E=2", "--bounds|bounds of E: 2.0 to 2.0"),
        Arguments.of(
            "--form data --drop-highest 6",
            "--drop-highest: 6|less than the number of rows, which is 6"),
        Arguments.of("--form data --hold-out tokens>0", "matches every row"),
        Arguments.of("--form data --plot /dev/null/law.svg", "--plot: /dev/null/law.svg"),
        Arguments.of(
            "--form data --unit furlongs --objective l1 --bootstrap 5 --where tokens",
            "4 problems|furlongs|l1|at least 100|condition \"tokens\""));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistakesInTheTableAreReportedWithoutAStackTrace(String text, String args, String parts)
      throws IOException {
    refusesToStart(1, text, args, parts);
  }

  @ParameterizedTest
  @MethodSource("wrongOptions")
  void wrongOptionsAreReportedWithoutAStackTrace(String args, String parts) throws IOException {
    refusesToStart(2, DATA, args, parts);
  }

  private void refusesToStart(int code, String text, String args, String parts) throws IOException {
    Ran ran = run(text, args);
    assertThat(ran.code()).isEqualTo(code);
    assertThat(ran.err()).contains(parts.split("\\|", -1)).doesNotContain("\tat ");
    assertThat(ran.json()).isEmpty();
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(DATA, "--form data --hold-out tokens>1e11", "no observation is held out"),
        Arguments.of(DATA, "--form data --where tokens<1e8", "2 distinct D|at least 4"),
        Arguments.of(
            "params,tokens,loss\n1e6,1e7,5\n1e6,1e8,4\n1e6,1e9,3\n1e6,2e9,2.9\n1e6,4e9,2.8\n",
            "--form chinchilla",
            "1 distinct N"),
        Arguments.of(
            "params,tokens,loss\n1e6,1e9,5\n2e6,1e9,4\n4e6,1e9,3.5\n8e6,1e9,3.1\n",
            "--form chinchilla",
            "1 distinct D"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void lawsThatNeedMoreDataAreRefusedWithTheReason(String text, String args, String parts)
      throws IOException {
    Ran ran = run(text, args);
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains(parts.split("\\|", -1)).doesNotContain("\tat ");
    assertThat(ran.json().get("status").asText()).isEqualTo("refused");
    assertThat(ran.json().get("reason").asText()).isNotBlank();
  }
}
