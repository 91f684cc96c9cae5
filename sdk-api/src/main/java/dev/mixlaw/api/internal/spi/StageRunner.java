package dev.mixlaw.api.internal.spi;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the stages in which text is prepared. A stage applies a function to each of several inputs.
 * The function may be executed on other machines.
 */
public interface StageRunner {
  /** A runner that processes one input after the other in the calling thread. */
  StageRunner LOCAL =
      new StageRunner() {
        @Override
        public <I extends Serializable, O extends Serializable> void run(
            String stage,
            List<I> inputs,
            StageFunction<? super I, O> function,
            Consumer<? super O> outputs) {
          for (I input : inputs) {
            try (Stream<O> stream = function.apply(input)) {
              stream.forEachOrdered(outputs);
            }
          }
        }
      };

  /**
   * Runs a stage.
   *
   * @param stage name of the stage, which is shown to users
   * @param outputs receives the outputs of all inputs, in the order of the inputs
   * @throws RuntimeException the exception of the function for the first input at which it fails;
   *     {@code outputs} has then received the outputs of all earlier inputs
   */
  <I extends Serializable, O extends Serializable> void run(
      String stage,
      List<I> inputs,
      StageFunction<? super I, O> function,
      Consumer<? super O> outputs);

  /** A function that returns a stream of outputs for an input. Reading the stream computes them. */
  @FunctionalInterface
  interface StageFunction<I, O> extends Serializable {
    Stream<O> apply(I input);
  }
}
