package dev.mixlaw.train.engine.llama.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A source file of kernels, for one number format.
 *
 * @param headSize number of values per head; 0 if the kernels do not depend on it
 * @param stages number of key tiles in shared memory; 0 if the kernels do not depend on it
 */
record KernelProgram(Family family, boolean bf16, int headSize, int stages) {
  enum Family {
    ROWS("common.cuh", "rows.cu"),
    EMBEDDING("common.cuh", "embedding.cu"),
    WEIGHTS("common.cuh", "weights.cu"),
    ATTENTION("common.cuh", "attention.cu"),
    FLASH("common.cuh", "tensor.cuh", "flash.cu");

    private final List<String> files;

    Family(String... files) {
      this.files = List.of(files);
    }
  }

  static KernelProgram of(Family family, boolean bf16) {
    return new KernelProgram(family, bf16, 0, 0);
  }

  String source() {
    StringBuilder text = new StringBuilder();
    text.append("#define BF16 ").append(bf16 ? 1 : 0).append('\n');
    if (headSize > 0) {
      text.append("#define HEAD ").append(headSize).append('\n');
      text.append("#define STAGES ").append(stages).append('\n');
    }
    for (String file : family.files) {
      try (InputStream in = KernelProgram.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new IllegalStateException("resource " + file + " is missing");
        }
        // Compiler messages then contain the name of this file.
        text.append("#line 1 \"").append(file).append("\"\n");
        text.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return text.toString();
  }
}
