package dev.mixlaw.eval.law;

import dev.mixlaw.eval.law.internal.PowerSum;
import java.util.List;

/** The laws of the literature. */
public final class LawForms {
  /**
   * L(D) = E + B·D^-beta at one N: the data law of one mixture. D in tokens; E and the loss in nats
   * per token or bits per byte. Fails where repetition or a change of schedule bends the curve.
   */
  public static final LawForm DATA =
      new PowerSum(
          "data",
          "L(D) = E + B·D^-beta",
          List.of(Input.tokens(4)),
          List.of(
              Parameter.floor("E"),
              Parameter.coefficient("B", "loss·tokens^beta"),
              Parameter.exponent("beta")),
          0,
          List.of(new PowerSum.Term(1, 2)),
          in -> new double[] {-Math.log(in[0])});

  /**
   * L(N) = E + A·N^-alpha at one D: the model law of one mixture. N in non-embedding parameters.
   */
  public static final LawForm MODEL =
      new PowerSum(
          "model",
          "L(N) = E + A·N^-alpha",
          List.of(Input.params(4)),
          List.of(
              Parameter.floor("E"),
              Parameter.coefficient("A", "loss·parameters^alpha"),
              Parameter.exponent("alpha")),
          0,
          List.of(new PowerSum.Term(1, 2)),
          in -> new double[] {-Math.log(in[0])});

  /**
   * L(N,D) = E + A·N^-alpha + B·D^-beta (Hoffmann et al. 2022, "Training Compute-Optimal Large
   * Language Models", eq. 10).
   */
  public static final LawForm CHINCHILLA =
      new PowerSum(
          "chinchilla",
          "L(N,D) = E + A·N^-alpha + B·D^-beta",
          List.of(Input.params(4), Input.tokens(4)),
          List.of(
              Parameter.floor("E"),
              Parameter.coefficient("A", "loss·parameters^alpha"),
              Parameter.coefficient("B", "loss·tokens^beta"),
              Parameter.exponent("alpha"),
              Parameter.exponent("beta")),
          0,
          List.of(new PowerSum.Term(1, 3), new PowerSum.Term(2, 4)),
          in -> new double[] {-Math.log(in[0]), -Math.log(in[1])});

  /**
   * L(C,M) = E + (a·M^eta + b·M^-eta)·C^-eta with C = 6·N·D floating-point operations and M = D/N
   * (Gadre et al. 2024, "Language models scale reliably with over-training and on downstream
   * tasks", eq. 4): Chinchilla's law with one exponent, so that few small runs carry it. N as the
   * data count it; the published fit counts all parameters.
   */
  public static final LawForm OVERTRAINING =
      new PowerSum(
          "overtraining",
          "L(C,M) = E + (a·M^eta + b·M^-eta)·C^-eta, C = 6·N·D, M = D/N",
          List.of(Input.params(2), Input.tokens(2)),
          List.of(
              Parameter.floor("E"),
              Parameter.coefficient("a", "loss·FLOPs^eta"),
              Parameter.coefficient("b", "loss·FLOPs^eta"),
              Parameter.exponent("eta")),
          0,
          List.of(new PowerSum.Term(1, 3), new PowerSum.Term(2, 3)),
          in -> {
            double compute = Math.log(6 * in[0] * in[1]);
            double multiplier = Math.log(in[1] / in[0]);
            return new double[] {multiplier - compute, -multiplier - compute};
          });

  private LawForms() {}
}
