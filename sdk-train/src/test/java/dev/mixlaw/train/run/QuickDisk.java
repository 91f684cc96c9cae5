package dev.mixlaw.train.run;

import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * A disk that does not force data to the hardware. Tests simulate crashes of programs, not power
 * failures.
 */
class QuickDisk extends Disk {
  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    Files.write(file, bytes);
  }

  @Override
  public void replace(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    Files.createDirectories(file.getParent());
    Files.write(temporary, bytes);
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public boolean create(Path file, byte[] bytes) throws IOException {
    Path temporary = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
    Files.createDirectories(file.getParent());
    Files.write(temporary, bytes);
    try {
      Files.createLink(file, temporary);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } finally {
      Files.delete(temporary);
    }
  }

  @Override
  public void sync(Path path) throws IOException {}
}
