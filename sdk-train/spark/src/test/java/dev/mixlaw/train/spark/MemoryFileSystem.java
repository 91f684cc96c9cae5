package dev.mixlaw.train.spark;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system in memory that simulates the weak guarantees of object stores. A list shows a
 * change only after {@link #LAG} further operations. A file is empty until its writer closes it. A
 * rename copies the files one by one. Directories exist only as prefixes of file names.
 */
public final class MemoryFileSystem extends FileSystem {
  static final int LAG = 5;

  private record Entry(byte[] bytes, long created) {}

  private static final NavigableMap<String, Entry> ENTRIES = new TreeMap<>();
  private static final NavigableMap<String, Long> DELETED = new TreeMap<>();
  private static long operations;

  private URI uri = URI.create("memory://none");

  /** Creates the file system; called by Hadoop. */
  public MemoryFileSystem() {}

  @Override
  public void initialize(URI name, Configuration conf) throws IOException {
    super.initialize(name, conf);
    setConf(conf);
    uri = URI.create(name.getScheme() + "://" + name.getAuthority());
  }

  @Override
  public String getScheme() {
    return "memory";
  }

  @Override
  public URI getUri() {
    return uri;
  }

  private String key(Path path) {
    return makeQualified(path).toString();
  }

  private static void put(String key, byte[] bytes) {
    synchronized (ENTRIES) {
      operations++;
      Entry old = ENTRIES.get(key);
      ENTRIES.put(key, new Entry(bytes, old == null ? operations : old.created));
      DELETED.remove(key);
    }
  }

  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    synchronized (ENTRIES) {
      operations++;
      Entry entry = ENTRIES.get(key(file));
      if (entry == null) {
        throw new FileNotFoundException(file.toString());
      }
      return new FSDataInputStream(new Content(entry.bytes));
    }
  }

  private static final class Content extends FSInputStream {
    private final byte[] bytes;
    private int at;

    Content(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public void seek(long position) {
      at = (int) position;
    }

    @Override
    public long getPos() {
      return at;
    }

    @Override
    public boolean seekToNewSource(long target) {
      return false;
    }

    @Override
    public int read() {
      return at < bytes.length ? bytes[at++] & 0xff : -1;
    }
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    String key = key(file);
    synchronized (ENTRIES) {
      if (!overwrite && ENTRIES.containsKey(key)) {
        throw new FileAlreadyExistsException(key);
      }
      put(key, new byte[0]);
    }
    return new FSDataOutputStream(
        new ByteArrayOutputStream() {
          @Override
          public void close() {
            put(key, toByteArray());
          }
        },
        null);
  }

  @Override
  public FSDataOutputStream append(Path file, int bufferSize, Progressable progress) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    for (String key : below(key(from))) {
      byte[] bytes;
      synchronized (ENTRIES) {
        bytes = ENTRIES.get(key).bytes;
      }
      put(key(to) + key.substring(key(from).length()), bytes);
      delete(new Path(key), true);
    }
    return true;
  }

  private static List<String> below(String key) {
    synchronized (ENTRIES) {
      operations++;
      return ENTRIES.keySet().stream()
          .filter(k -> k.equals(key) || k.startsWith(key + "/"))
          .toList();
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    List<String> keys = below(key(path));
    for (String key : keys) { // one after the other, as object stores do
      synchronized (ENTRIES) {
        operations++;
        if (ENTRIES.remove(key) != null) {
          DELETED.put(key, operations);
        }
      }
    }
    return !keys.isEmpty();
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    String key = key(path);
    synchronized (ENTRIES) {
      operations++;
      if (ENTRIES.containsKey(key)) {
        return new FileStatus[] {getFileStatus(path)};
      }
      Set<String> visible = new TreeSet<>();
      ENTRIES.forEach(
          (name, entry) -> {
            if (operations - entry.created > LAG) {
              visible.add(name);
            }
          });
      DELETED.forEach(
          (name, when) -> {
            if (operations - when <= LAG) {
              visible.add(name);
            }
          });
      Set<String> children = new TreeSet<>();
      for (String name : visible) {
        if (name.startsWith(key + "/")) {
          int slash = name.indexOf('/', key.length() + 1);
          children.add(slash < 0 ? name : name.substring(0, slash + 1));
        }
      }
      if (children.isEmpty()) {
        throw new FileNotFoundException(key);
      }
      List<FileStatus> found = new ArrayList<>();
      for (String child : children) {
        Entry entry = ENTRIES.get(child);
        found.add(status(child, child.endsWith("/"), entry == null ? 0 : entry.bytes.length));
      }
      return found.toArray(FileStatus[]::new);
    }
  }

  private static FileStatus status(String key, boolean directory, long length) {
    return new FileStatus(length, directory, 1, 1 << 20, 0, new Path(key));
  }

  @Override
  public void setWorkingDirectory(Path path) {}

  @Override
  public Path getWorkingDirectory() {
    return new Path(uri.toString() + "/");
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    return true;
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    String key = key(path);
    synchronized (ENTRIES) {
      operations++;
      Entry entry = ENTRIES.get(key);
      if (entry != null) {
        return status(key, false, entry.bytes.length);
      }
      if (below(key).isEmpty()) {
        throw new FileNotFoundException(key);
      }
      return status(key, true, 0);
    }
  }
}
