package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a sample's command, and prints user errors without a stack trace. */
final class Samples {
  private static final int WRONG_DATA = 1;
  private static final int WRONG_OPTION = 2;

  /** The option of a sample that corresponds to each API call named in messages. */
  private static final List<Map.Entry<String, String>> OPTIONS =
      List.of(
          Map.entry("Corpus.textField", "--text-field"),
          Map.entry("Lab.Builder.engine", "--engine"),
          Map.entry("Lab.open", "--lab"),
          Map.entry("Rounds.rounds", "--rounds"),
          Map.entry("Rounds.seeds", "--seeds"),
          Map.entry("Rounds.strategy", "--strategies"),
          Map.entry("Rounds.tokens", "--tokens"),
          Map.entry("Study.seeds", "--seeds"),
          Map.entry("TokenizerSpec.huggingFace", "--weights"),
          Map.entry("Writing.fromPrefixes", "--prompt-tokens"),
          Map.entry("Writing.temperature", "--temperature"),
          Map.entry("Writing.topP", "--top-p"),
          Map.entry("Generation.first", "--documents"),
          Map.entry("Generation.maxTokens", "--max-tokens"),
          Map.entry("Generation.temperature", "--temperature"),
          Map.entry("Generation.concurrency", "--concurrency"),
          Map.entry("Generation.budget", "--budget"),
          Map.entry("RunTable.baseline", "--baseline"),
          Map.entry("RunTable.mixture", "--mixture"),
          Map.entry("LossTable.params", "--params"),
          Map.entry("LossTable.tokens", "--tokens"),
          Map.entry("LossTable.share", "--shares"),
          Map.entry("LossTable.added", "--human-tokens and --synthetic-tokens"),
          Map.entry("LossTable.cluster", "--cluster"),
          Map.entry("LossTable.skipEmpty", "--skip-empty"),
          Map.entry("LossTable.where", "--where"),
          Map.entry("LossTable.decimalComma", "--decimal-comma"));

  private Samples() {}

  static int run(Callable<Integer> sample, String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    System.setOut(new PrintableStream(out));
    System.setErr(new PrintableStream(err));
    try {
      return execute(sample, args);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private static int execute(Callable<Integer> sample, String... args) {
    return new CommandLine(sample)
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              if (exception instanceof MixlawException mistake) {
                System.err.println(byOptions(mistake.getMessage()));
                return mistake.kind() == MixlawException.Kind.DESCRIPTION
                    ? WRONG_OPTION
                    : WRONG_DATA;
              }
              throw exception;
            })
        .execute(args);
  }

  /** Replaces API calls in a message with the options of the samples. */
  static String byOptions(String message) {
    String told = message;
    for (Map.Entry<String, String> option : OPTIONS) {
      told = told.replace(option.getKey(), option.getValue());
    }
    return told;
  }
}
