package dev.mixlaw.train.spark;

import dev.mixlaw.train.storage.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a lab in a Hadoop file system, such as HDFS or an object store. This file system is
 * called the store below.
 *
 * <p>Records, claims and other small files are read from and written to the store directly.
 * Checkpoints, models and token shards are first written to a local directory of this process,
 * because engines write them in pieces and shards are mapped into memory. When such a file or
 * directory gets its final name {@code NAME}, it is copied to {@code NAME/ID} with a new
 * identifier. Then the file {@code NAME/ID.done}, which lists the copied files, is created as a
 * mark. A copy without a mark is ignored. The store therefore needs no atomic rename. It must
 * support the exclusive creation of files, and show a new file to other processes within a quarter
 * of a lease.
 */
final class HadoopDisk extends Disk {
  private static final String DONE = ".done";
  private static final int PATIENCE = 20;

  private final Path root;
  private final FileSystem files;
  private final org.apache.hadoop.fs.Path store;

  /**
   * Creates a disk.
   *
   * @param root local directory, which stands for the store in all paths
   * @param store directory in the file system
   */
  HadoopDisk(Path root, FileSystem files, org.apache.hadoop.fs.Path store) {
    this.root = root.toAbsolutePath().normalize();
    this.files = files;
    this.store = files.makeQualified(store);
  }

  private org.apache.hadoop.fs.Path remote(Path file) {
    return below(store, root.relativize(file.toAbsolutePath().normalize()));
  }

  private static org.apache.hadoop.fs.Path below(org.apache.hadoop.fs.Path parent, Path relative) {
    String name = relative.toString().replace('\\', '/');
    return name.isEmpty() ? parent : new org.apache.hadoop.fs.Path(parent, name);
  }

  private Path local(org.apache.hadoop.fs.Path file) {
    return root.resolve(file.toString().substring(store.toString().length() + 1));
  }

  @Override
  public Optional<byte[]> read(Path file) throws IOException {
    try {
      byte[] bytes = bytes(remote(file));
      for (int i = 0; bytes.length == 0 && i < PATIENCE; i++) {
        pause(); // HDFS shows a file before its content
        bytes = bytes(remote(file));
      }
      return Optional.of(bytes);
    } catch (FileNotFoundException none) {
      return Optional.empty();
    }
  }

  private byte[] bytes(org.apache.hadoop.fs.Path file) throws IOException {
    try (FSDataInputStream in = files.open(file)) {
      return in.readAllBytes();
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(e.getMessage());
    }
  }

  @Override
  public List<String> list(Path directory) throws IOException {
    return entries(remote(directory)).stream().map(e -> e.getPath().getName()).toList();
  }

  @Override
  public void awaitListed(Path file) throws IOException {
    String name = file.getFileName().toString();
    for (int i = 0; i < PATIENCE && !list(file.getParent()).contains(name); i++) {
      pause();
    }
  }

  private List<FileStatus> entries(org.apache.hadoop.fs.Path directory) throws IOException {
    try {
      return Arrays.asList(files.listStatus(directory));
    } catch (FileNotFoundException none) {
      return List.of();
    }
  }

  private void put(org.apache.hadoop.fs.Path file, byte[] bytes) throws IOException {
    try (OutputStream out = files.create(file, true)) {
      out.write(bytes);
    }
  }

  @Override
  public void replace(Path file, byte[] bytes) throws IOException {
    super.replace(file, bytes);
    put(remote(file), bytes);
  }

  @Override
  public boolean create(Path file, byte[] bytes) throws IOException {
    org.apache.hadoop.fs.Path target = remote(file);
    FSDataOutputStream created;
    try {
      created = files.create(target, false);
    } catch (IOException e) {
      if (files.exists(target)) {
        return false;
      }
      throw e;
    }
    try (created) {
      created.write(bytes);
    }
    return true;
  }

  @Override
  public boolean reserve(Path file, byte[] bytes) throws IOException {
    return create(file, bytes);
  }

  @Override
  public boolean overwrite(Path file, byte[] bytes) throws IOException {
    if (!files.exists(remote(file))) {
      return false;
    }
    put(remote(file), bytes);
    return true;
  }

  /** Forces a file to the local disk and, if it has its final name, copies it to the store. */
  @Override
  public void sync(Path path) throws IOException {
    super.sync(path);
    boolean temporary =
        Stream.iterate(path, p -> p != null && !p.equals(root), Path::getParent)
            .anyMatch(p -> String.valueOf(p.getFileName()).startsWith("."));
    if (!temporary && Files.isRegularFile(path)) {
      upload(path, remote(path));
    }
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    super.move(from, to);
    files.delete(remote(from), true);
    publish(to);
  }

  @Override
  public void delete(Path path) throws IOException {
    super.delete(path);
    files.delete(remote(path), true);
  }

  private void upload(Path file, org.apache.hadoop.fs.Path target) throws IOException {
    try (OutputStream out = files.create(target, true)) {
      Files.copy(file, out);
    }
  }

  /**
   * Copies a local file or directory to the store under a new name, and marks the copy as complete.
   * Then deletes older complete copies. Does not delete incomplete copies: other processes may be
   * writing them, and their marks would then refer to deleted files.
   */
  private void publish(Path path) throws IOException {
    org.apache.hadoop.fs.Path target = remote(path);
    List<org.apache.hadoop.fs.Path> former =
        entries(target).stream()
            .map(FileStatus::getPath)
            .filter(file -> file.getName().endsWith(DONE))
            .toList();
    String id = UUID.randomUUID().toString();
    StringBuilder list = new StringBuilder();
    for (Path file : regularFiles(path)) {
      Path name = path.relativize(file);
      upload(file, below(new org.apache.hadoop.fs.Path(target, id), name));
      list.append(Files.size(file)).append(' ').append(name.toString().replace('\\', '/'));
      list.append('\n');
    }
    byte[] mark = list.toString().getBytes(StandardCharsets.UTF_8);
    put(new org.apache.hadoop.fs.Path(target, id + DONE), mark);
    for (org.apache.hadoop.fs.Path old : former) {
      files.delete(old, false);
      files.delete(content(old), true);
    }
  }

  /** Returns the path of the copy that a mark declares complete. */
  private static org.apache.hadoop.fs.Path content(org.apache.hadoop.fs.Path mark) {
    String name = mark.getName().substring(0, mark.getName().length() - DONE.length());
    return new org.apache.hadoop.fs.Path(mark.getParent(), name);
  }

  private static List<Path> regularFiles(Path path) throws IOException {
    try (Stream<Path> walk = Files.walk(path)) {
      return walk.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  @Override
  public void share(Path path) throws IOException {
    if (list(path).stream().noneMatch(name -> name.endsWith(DONE))) {
      publish(path);
    }
  }

  /**
   * Copies a file, or each complete file and directory below a directory, to its local path. Does
   * not replace local copies of complete files, because the name of such a file determines its
   * content. The files are checked by the code that reads them.
   */
  @Override
  public void fetch(Path path) throws IOException {
    synchronized (HadoopDisk.class) { // tasks in the same JVM share the local directory
      try {
        if (files.getFileStatus(remote(path)).isFile()) {
          Path temporary = temporary(path);
          download(remote(path), temporary);
          super.move(temporary, path);
          return;
        }
        List<org.apache.hadoop.fs.Path> marks = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> all = files.listFiles(remote(path), true);
        while (all.hasNext()) {
          org.apache.hadoop.fs.Path file = all.next().getPath();
          if (file.getName().endsWith(DONE)) {
            marks.add(file);
          }
        }
        for (org.apache.hadoop.fs.Path mark : marks) {
          fetchMarked(mark, local(mark.getParent()));
        }
      } catch (FileNotFoundException none) {
        // The file was never stored, or another worker has deleted it.
      }
    }
  }

  private void fetchMarked(org.apache.hadoop.fs.Path mark, Path target) throws IOException {
    if (Files.exists(target)) {
      return;
    }
    Path temporary = temporary(target);
    try {
      for (String line : new String(bytes(mark), StandardCharsets.UTF_8).lines().toList()) {
        String[] sizeAndName = line.split(" ", 2);
        Path file = temporary.resolve(sizeAndName[1]);
        download(below(content(mark), temporary.relativize(file)), file);
        if (Files.size(file) != Long.parseLong(sizeAndName[0])) {
          throw new FileNotFoundException(mark + ": " + file + " is incomplete");
        }
      }
      if (Files.exists(temporary)) {
        super.move(temporary, target);
      }
    } catch (FileNotFoundException replaced) {
      super.delete(temporary); // another worker has replaced or deleted it
    }
  }

  private static Path temporary(Path target) {
    return target.resolveSibling(".fetched-" + target.getFileName());
  }

  private void download(org.apache.hadoop.fs.Path source, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (FSDataInputStream in = files.open(source);
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
  }
}
