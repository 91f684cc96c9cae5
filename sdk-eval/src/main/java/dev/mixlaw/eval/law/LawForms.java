package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.PowerSumForm.Term;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The law forms from the literature. The package documentation compares them. */
public final class LawForms {
  /**
   * L(D) = E + B·D^-beta, the data law of one mixture at one model size. D is the number of
   * training tokens. The law fails if repeats or a different schedule bend the curve.
   */
  public static final LawForm DATA =
      PowerSumForm.of(
          "data",
          "L(D) = E + B·D^-beta",
          List.of(Input.tokens(4)),
          Parameter.coefficient("B", "loss·tokens^beta"),
          Parameter.exponent("beta"));

  /**
   * L(N) = E + A·N^-alpha, the model law of one mixture at one budget. N is the number of
   * non-embedding parameters.
   */
  public static final LawForm MODEL =
      PowerSumForm.of(
          "model",
          "L(N) = E + A·N^-alpha",
          List.of(Input.params(4)),
          Parameter.coefficient("A", "loss·parameters^alpha"),
          Parameter.exponent("alpha"));

  /**
   * L(N,D) = E + A·N^-alpha + B·D^-beta (Hoffmann et al. 2022, "Training Compute-Optimal Large
   * Language Models", eq. 2).
   */
  public static final LawForm CHINCHILLA =
      PowerSumForm.of(
          "chinchilla",
          "L(N,D) = E + A·N^-alpha + B·D^-beta",
          List.of(Input.params(4), Input.tokens(4)),
          Parameter.coefficient("A", "loss·parameters^alpha"),
          Parameter.coefficient("B", "loss·tokens^beta"),
          Parameter.exponent("alpha"),
          Parameter.exponent("beta"));

  /**
   * L(C,M) = E + (a·M^eta + b·M^-eta)·C^-eta with C = 6·N·D floating-point operations and M = D/N
   * (Gadre et al. 2024, "Language models scale reliably with over-training and on downstream
   * tasks"). This is Chinchilla's law with a single exponent, which a few small runs can identify.
   * The published fit counts all parameters as N.
   */
  public static final LawForm OVERTRAINING =
      overtraining(
          List.of(Input.params(2), Input.tokens(2)), in -> 6 * in[0] * in[1], in -> in[1] / in[0]);

  /** The law {@link #OVERTRAINING} for data whose inputs are C (in FLOPs) and M = D/N. */
  public static final LawForm OVERTRAINING_BY_COMPUTE =
      overtraining(
          List.of(
              new Input("C", "floating-point operations", true, 2),
              new Input("M", "tokens per parameter", true, 2)),
          in -> in[0],
          in -> in[1]);

  private static LawForm overtraining(
      List<Input> inputs, ToDoubleFunction<double[]> flops, ToDoubleFunction<double[]> multiplier) {
    return new PowerSumForm(
        "overtraining",
        "L(C,M) = E + (a·M^eta + b·M^-eta)·C^-eta, C = 6·N·D, M = D/N",
        inputs,
        List.of(
            Parameter.floor("E"),
            Parameter.coefficient("a", "loss·FLOPs^eta"),
            Parameter.coefficient("b", "loss·FLOPs^eta"),
            Parameter.exponent("eta")),
        List.of(Term.constant(0), Term.power(1, 3, 0), Term.power(2, 3, 1)),
        in -> {
          double c = Math.log(flops.applyAsDouble(in));
          double m = Math.log(multiplier.applyAsDouble(in));
          return new double[] {m - c, -m - c};
        });
  }

  /**
   * L(N,D) = ((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD (Kaplan et al. 2020, "Scaling Laws for Neural
   * Language Models", eq. 1.5). N excludes embeddings. The law has no irreducible loss, so it fails
   * if the loss approaches the entropy of the text.
   */
  public static final LawForm KAPLAN = new KaplanForm();

  /**
   * Chinchilla's law with effective tokens and parameters, for D training tokens that repeat U
   * distinct tokens (Muennighoff et al. 2023, "Scaling Data-Constrained Language Models"): D' =
   * U·(1 + RD·(1 - e^(-R/RD))) with R = D/U - 1 repeats, and N' correspondingly above the N that is
   * optimal for U tokens. The parameters E, A, B, alpha and beta should be fixed at the values of a
   * Chinchilla fit to runs without repeats. The parameters RD and RN are strongly correlated.
   */
  public static final LawForm DATA_CONSTRAINED = new DataConstrainedForm();

  /**
   * L(D) = E + B/(Dl + D^beta), a data law for continued training, where Dl describes the knowledge
   * of the initial model (Qin et al. 2025, "Scaling Laws of Synthetic Data for Language Models").
   * The data identify Dl and beta only if D ranges from below to far above Dl^(1/beta).
   */
  public static final LawForm RECTIFIED = new RectifiedForm();

  /**
   * L = E + A·N^-alpha + B·Deff^-beta·(1+H), a law for synthetic tokens that are added to a fixed
   * number of human tokens. Deff is the number of human tokens plus the effective number of
   * synthetic tokens, and H is the harm of the synthetic tokens; {@link LawForm#formula} defines
   * both. The law has eleven parameters and needs a grid over N, human tokens and synthetic tokens.
   * The ratio of synthetic to human tokens must range from 0 to well above 1.
   */
  public static final LawForm ADDED_SYNTHETIC = new AddedSyntheticForm();

  /**
   * Returns L(r) = c + k·exp(sum_j t_j·r_j), the loss of one domain as a function of the shares r_j
   * at one N and D (Ye et al. 2024, "Data Mixing Laws"). The t of the last source is 0, because
   * shares sum to 1. The law fails if a source is nearly absent.
   *
   * @param sources at least two sources, in the order of the inputs {@code share_NAME}
   */
  public static LawForm mixing(List<String> sources) {
    return new MixingForm(sources);
  }

  /**
   * Returns L = E + A·N^-alpha + B·D^-beta + 1/(sum_j C_j·r_j^gamma_j), where r_j are the shares.
   * Its parameters are K = 1/sum_j C_j and c_j = K·C_j (Shukor et al. 2025, "Scaling Laws for
   * Optimal Data Mixtures", additive form). The best shares according to this law do not depend on
   * N and D.
   *
   * @param sources at least two sources, in the order of the inputs {@code share_NAME}
   */
  public static LawForm mixtureAdditive(List<String> sources) {
    return new MixtureScalingForm(sources, false);
  }

  /**
   * Returns the additive form with additional factors (sum_j a_j·r_j)^gammaA for A and (sum_j
   * b_j·r_j)^gammaB for B (Shukor et al. 2025, joint form). The weights of each sum add up to 1,
   * because A and B include its scale. The best shares according to this law depend on N and D.
   *
   * @param sources at least two sources, in the order of the inputs {@code share_NAME}
   */
  public static LawForm mixtureJoint(List<String> sources) {
    return new MixtureScalingForm(sources, true);
  }

  /**
   * Returns L(D,r) = (A·D^-a + C)·r^-b, the loss of one domain as a function of the training tokens
   * and of the share of this domain (Ge et al. 2024, "BiMix", without one redundant scale
   * parameter). The loss is infinite at a share of 0, so the law cannot describe mixtures without
   * the domain.
   *
   * @param source source whose share is the input {@code share_NAME}
   */
  public static LawForm biMix(String source) {
    return new PowerSumForm(
        "bimix",
        "L(D,r) = (A·D^-a + C)·r^-b, r the share of " + source,
        List.of(
            Input.tokens(4),
            new Input(Input.share(source).name(), "share of training tokens", true, 3)),
        List.of(
            Parameter.coefficient("A", "loss·tokens^a"),
            Parameter.floor("C"),
            Parameter.exponent("a"),
            Parameter.exponent("b")),
        List.of(new Term(0, new int[] {2, 3}, new int[] {0, 1}), Term.power(1, 3, 1)),
        in -> new double[] {-Math.log(in[0]), -Math.log(in[1])});
  }

  private static final List<LawForm> WITHOUT_SHARES =
      List.of(
          DATA,
          MODEL,
          CHINCHILLA,
          OVERTRAINING,
          KAPLAN,
          DATA_CONSTRAINED,
          RECTIFIED,
          ADDED_SYNTHETIC);

  private static final List<String> OVER_SHARES =
      List.of("mixing", "mixture-additive", "mixture-joint");

  /** Returns the ids of all forms in this class, in alphabetical order. */
  public static List<String> ids() {
    return Stream.concat(
            WITHOUT_SHARES.stream().map(LawForm::id),
            Stream.concat(OVER_SHARES.stream(), Stream.of("bimix")))
        .sorted()
        .toList();
  }

  /**
   * Returns a form by its id.
   *
   * @param sources sources of the mixtures, in the order of the inputs {@code share_NAME}; at least
   *     two for mixing, mixture-additive and mixture-joint, one for bimix, none for other forms
   * @throws IllegalArgumentException if there is no form with this id, or if the number of sources
   *     is wrong for the form
   */
  public static LawForm named(String id, List<String> sources) {
    require(!OVER_SHARES.contains(id) || sources.size() > 1, id, sources, "at least two sources");
    return switch (id) {
      case "mixing" -> mixing(sources);
      case "mixture-additive" -> mixtureAdditive(sources);
      case "mixture-joint" -> mixtureJoint(sources);
      case "bimix" -> {
        require(sources.size() == 1, id, sources, "exactly one source, that of the domain itself");
        yield biMix(sources.get(0));
      }
      default -> {
        LawForm form =
            WITHOUT_SHARES.stream()
                .filter(f -> f.id().equals(id))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "form " + id + " is unknown; expected one of " + ids()));
        require(sources.isEmpty(), id, sources, "no sources");
        yield form;
      }
    };
  }

  private static void require(boolean met, String id, List<String> sources, String rule) {
    if (!met) {
      throw new IllegalArgumentException(
          "form " + id + ": sources " + sources + "; expected " + rule);
    }
  }

  private LawForms() {}
}
