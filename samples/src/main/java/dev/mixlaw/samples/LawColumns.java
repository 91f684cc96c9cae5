package dev.mixlaw.samples;

import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.table.LossTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

final class LawColumns {
  private static final String SHARE = Input.share("").name();

  @Option(
      names = "--params",
      description = "column with N, the number of parameters (default: params)")
  private @Nullable String params;

  @Option(
      names = "--tokens",
      description = "column with D, the number of training tokens (default: tokens)")
  private @Nullable String tokens;

  @Option(
      names = "--unique-tokens",
      description =
          "for data-constrained: column with the number of unique tokens (default: ${DEFAULT-VALUE})")
  private String uniqueTokens = "unique_tokens";

  @Option(
      names = "--human-tokens",
      description =
          "for added-synthetic: column with the number of human-written tokens (default: ${DEFAULT-VALUE})")
  private String humanTokens = "human_tokens";

  @Option(
      names = "--synthetic-tokens",
      description =
          "for added-synthetic: column with the number of synthetic tokens added (default: ${DEFAULT-VALUE})")
  private String syntheticTokens = "synthetic_tokens";

  @Option(
      names = "--compute",
      description =
          "for overtraining: column with C, the training FLOPs; used with --multiplier instead of --params")
  private @Nullable String compute;

  @Option(
      names = "--multiplier",
      description = "for overtraining: column with M, tokens per parameter; used with --compute")
  private @Nullable String multiplier;

  @Option(
      names = "--shares",
      split = ",",
      description =
          "for mixing, mixture-additive and mixture-joint: columns with the sources' shares of training tokens; for bimix: the column with the share of the domain's own source")
  private List<String> shares = new ArrayList<>();

  /**
   * Returns the law with the given id. For the overtraining law, returns the variant with compute
   * and multiplier as inputs if an option names a column for one of them.
   *
   * @throws IllegalArgumentException if the id is unknown or the law needs a different number of
   *     shares
   */
  LawForm form(String id) {
    LawForm form = LawForms.named(id, shares);
    boolean byCompute = compute != null || multiplier != null;
    return byCompute && form == LawForms.OVERTRAINING ? LawForms.OVERTRAINING_BY_COMPUTE : form;
  }

  /**
   * Selects the columns of the law's inputs. Also selects the columns of N and D if options name
   * them.
   */
  LossTable ask(LossTable table, LawForm form) {
    LossTable asked = table;
    for (Input input : form.inputs()) {
      String name = input.name();
      asked =
          name.startsWith(SHARE)
              ? asked.share(name.substring(SHARE.length()), name.substring(SHARE.length()))
              : asked.input(input, column(name));
    }
    List<String> names = form.inputs().stream().map(Input::name).toList();
    if (params != null && !names.contains(Input.N)) {
      asked = asked.params(params);
    }
    if (tokens != null && !names.contains(Input.D)) {
      asked = asked.tokens(tokens);
    }
    return asked;
  }

  String column(String input) {
    return switch (input) {
      case Input.N -> Objects.requireNonNullElse(params, "params");
      case Input.D -> Objects.requireNonNullElse(tokens, "tokens");
      case Input.UNIQUE -> uniqueTokens;
      case Input.HUMAN -> humanTokens;
      case Input.SYNTHETIC -> syntheticTokens;
      case "C" -> Objects.requireNonNullElse(compute, "compute");
      case "M" -> Objects.requireNonNullElse(multiplier, "multiplier");
      default -> input;
    };
  }
}
