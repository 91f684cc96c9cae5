package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabStoreTest {
  @Test
  void hiddenFilesAreNotListed(@TempDir Path directory) throws IOException {
    // given a hidden file, such as NFS creates for a file that is deleted while it is open
    LabStore store = LabStore.open(directory, new Disk());
    Files.createDirectories(directory.resolve(JobClaims.FOLDER));
    Files.createFile(directory.resolve(JobClaims.FOLDER).resolve(".nfs0000000000012345"));

    // then
    assertThat(store.list(JobClaims.FOLDER)).isEmpty();
    assertThat(store.list("missing")).isEmpty();
    JobClaims claims = new JobClaims(store, Duration.ofMinutes(1), System::nanoTime, new Random(1));
    assertThat(claims.claim("job", "a job", false, () -> false)).isPresent();
  }
}
