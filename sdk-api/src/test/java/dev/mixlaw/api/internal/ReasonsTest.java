package dev.mixlaw.api.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasonsTest {
  @TempDir private Path folder;

  @Test
  void failuresAreReportedInTermsOfTheUser() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThat(reason(folder.resolve("none"))).isEqualTo("it does not exist");
    assertThat(Reasons.of(failure(() -> Files.createDirectories(file))))
        .isEqualTo("there is a file instead of a directory");
    assertThat(reason(folder)).doesNotContain("java.").isNotBlank();
    assertThat(Reasons.of(new FileSystemException("f", null, "No space left on device")))
        .isEqualTo("No space left on device");
    assertThat(Reasons.of(new IOException())).isEqualTo("IOException");
  }

  private static String reason(Path file) {
    return Reasons.of(failure(() -> Files.readString(file)));
  }

  private static IOException failure(ThrowingCallable call) {
    return catchThrowableOfType(IOException.class, call);
  }
}
