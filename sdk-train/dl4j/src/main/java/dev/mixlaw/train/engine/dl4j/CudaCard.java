package dev.mixlaw.train.engine.dl4j;

import static java.lang.Integer.parseInt;

import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An NVIDIA GPU with its name and compute capability. */
record CudaCard(String name, int major, int minor) {
  private static final String SETTING =
      "use nd4j-native instead of nd4j-cuda-11.6 (build without -Pnd4j-cuda), or the engine cuda for newer GPUs";

  /** Returns the GPUs that {@code nvidia-smi} lists, or an empty list if there is no driver. */
  static List<CudaCard> query() {
    try {
      Process process =
          new ProcessBuilder("nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.waitFor() == 0 ? parse(text) : List.of();
    } catch (IOException e) {
      // Without nvidia-smi, there is no driver.
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }

  /** Parses lines such as {@code NVIDIA A100-SXM4-40GB, 8.0} and ignores other lines. */
  static List<CudaCard> parse(String text) {
    return Pattern.compile("^(.+), *(\\d{1,4})\\.(\\d{1,4}) *$", Pattern.MULTILINE)
        .matcher(text)
        .results()
        .map(m -> new CudaCard(m.group(1).trim(), parseInt(m.group(2)), parseInt(m.group(3))))
        .toList();
  }

  /**
   * Returns whether nd4j-cuda-11.6 1.0.0-M2.1 supports this GPU. This release contains machine code
   * for compute capabilities 3.7, 5.0, 5.2, 6.0, 6.1, 7.0, 7.5, 8.0 and 8.6, and no PTX. Machine
   * code runs only on GPUs with the same major version.
   */
  boolean supported() {
    return major == 3 ? minor >= 7 : major >= 5 && major <= 8;
  }

  /** Returns a problem if nd4j-cuda-11.6 supports none of the GPUs. */
  static Optional<Problem> problem(List<CudaCard> cards) {
    if (cards.stream().anyMatch(CudaCard::supported)) {
      return Optional.empty();
    }
    String found =
        cards.isEmpty()
            ? "no NVIDIA card or driver (nvidia-smi lists no card)"
            : cards.stream()
                .map(c -> c.name + " with compute capability " + c.major + "." + c.minor)
                .collect(Collectors.joining(", "));
    return Optional.of(
        new Problem(
            "engine dl4j: nd4j-cuda-11.6 cannot run here",
            found,
            "a card with compute capability 3.7 or 5.0 to 8.9",
            SETTING));
  }
}
