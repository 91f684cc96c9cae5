package dev.mixlaw.api.internal.spi;

import java.io.Serializable;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Runs the stages of the preparation of text. A stage applies a function to each of several inputs,
 * perhaps on other machines.
 */
public interface StageRunner {
  /** Applies functions in the calling thread, to one input after the other. */
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
   * @param stage name of the stage, for users
   * @param outputs receives the outputs of all inputs, in the order of the inputs
   * @throws RuntimeException that the function has thrown for the first input for which it fails,
   *     after the outputs of the inputs before it
   */
  <I extends Serializable, O extends Serializable> void run(
      String stage,
      List<I> inputs,
      StageFunction<? super I, O> function,
      Consumer<? super O> outputs);

  /** Returns the outputs for an input, which are computed when the stream is read. */
  @FunctionalInterface
  interface StageFunction<I, O> extends Serializable {
    Stream<O> apply(I input);
  }
}
