package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.LabStore;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A {@link LabStore} in a directory of the local file system or of a file system that several hosts
 * share.
 */
final class DirectoryLabStore implements LabStore {
  private final Path root;
  private final Disk disk;

  DirectoryLabStore(Path root, Disk disk) {
    this.root = root;
    this.disk = disk;
  }

  @Override
  public Optional<byte[]> read(String name) {
    Path file = directory(name);
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException | NotDirectoryException none) {
      return Optional.empty();
    } catch (IOException e) {
      throw Disk.fault(name + " cannot be read", file, e);
    }
  }

  @Override
  public void write(String name, byte[] content) {
    Path file = directory(name);
    try {
      disk.replace(parent(file), content);
    } catch (IOException e) {
      throw Disk.fault(name + " cannot be written", file, e);
    }
  }

  @Override
  public boolean create(String name, byte[] content) {
    Path file = directory(name);
    try {
      return disk.create(parent(file), content);
    } catch (IOException e) {
      throw Disk.fault(name + " cannot be written", file, e);
    }
  }

  /** Creates the directory of a file. Fails if the file is a symbolic link. */
  private static Path parent(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
    if (Files.isSymbolicLink(file)) {
      throw new IOException(file + " is a symbolic link");
    }
    return file;
  }

  @Override
  public List<String> list(String folder) {
    Path directory = directory(folder);
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(e -> e.getFileName().toString())
          .filter(n -> !n.endsWith(".tmp"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Disk.fault(folder + " cannot be listed", directory, e);
    }
  }

  @Override
  public void delete(String name) {
    Path path = directory(name);
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        disk.delete(path);
      } else {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw Disk.fault(name + " cannot be deleted", path, e);
    }
  }

  @Override
  public Path directory(String name) {
    Path path = root.resolve(name).normalize();
    if (!path.startsWith(root.normalize())) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem("name in the lab", name, "a path below " + root, "report this as a bug"));
    }
    return path;
  }

  @Override
  public void close() {}
}
