package dev.mixlaw.samples;

import com.google.errorprone.annotations.FormatMethod;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.Texts;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Runs the command of a sample program. Prints errors of the user without a stack trace. */
final class Samples {
  private static final int WRONG_DATA = 1;
  private static final int WRONG_OPTION = 2;

  /** Matches API calls in messages for which the sample programs have options of the same names. */
  private static final Pattern METHODS =
      Pattern.compile(
          "\\b(?:Corpus|Lab\\.Builder|Rounds|Study|Writing|Generation|RunTable|LossTable)\\."
              + "(textField|badRecordFraction|engine|rounds|seeds|tokens|temperature|topP|maxTokens|concurrency"
              + "|budget|baseline|mixture|loss|params|weight|cluster|skipEmpty|where|decimalComma)\\b(?:\\((\\d+)\\))?");

  private static final Map<String, String> OPTIONS =
      Map.of(
          "Lab.open", "--lab",
          "Rounds.strategy", "--strategies",
          "TokenizerSpec.huggingFace", "--weights",
          "Writing.fromPrefixes", "--prompt-tokens",
          "Generation.first", "--documents",
          "LossTable.share", "--shares",
          "LossTable.added", "--human-tokens and --synthetic-tokens");

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
    CommandLine command = new CommandLine(sample);
    String version = Lab.class.getPackage().getImplementationVersion();
    setVersion(command, "Mixlaw " + (version == null ? "(not run from jars)" : version));
    return command
        .setParameterExceptionHandler(
            (mistake, arguments) -> {
              String name = mistake.getCommandLine().getCommandSpec().qualifiedName();
              System.err.println(mistake.getMessage());
              System.err.println("all options: " + name + " --help");
              return WRONG_OPTION;
            })
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              if (exception instanceof MixlawException mistake) {
                System.err.println(byOptions(mistake.getMessage()));
                return mistake.kind() == MixlawException.Kind.DESCRIPTION
                    ? WRONG_OPTION
                    : WRONG_DATA;
              }
              if (exception instanceof IOException failure) {
                String file = failure instanceof FileSystemException f ? f.getFile() + ": " : "";
                System.err.println(file + Reasons.of(failure));
                return WRONG_DATA;
              }
              throw exception;
            })
        .execute(args);
  }

  private static void setVersion(CommandLine command, String version) {
    command.getCommandSpec().version(version);
    command.getSubcommands().values().forEach(c -> setVersion(c, version));
  }

  /** Replaces API calls in a message with options of the sample programs. */
  static String byOptions(String message) {
    String told =
        METHODS
            .matcher(message)
            .replaceAll(
                m ->
                    "--"
                        + m.group(1).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)
                        + (m.group(2) == null ? "" : " " + m.group(2)));
    for (Map.Entry<String, String> option : OPTIONS.entrySet()) {
      told = told.replace(option.getKey(), option.getValue());
    }
    return told;
  }

  /** Prints a line of text, formatted as by {@link Texts#format}. */
  @FormatMethod
  static void print(String format, Object... arguments) {
    System.out.println(Texts.format(format, arguments));
  }
}
