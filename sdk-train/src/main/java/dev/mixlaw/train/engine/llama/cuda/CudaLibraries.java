package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Platform;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds CUDA libraries in configured directories, CUDA toolkits and Python packages. */
record CudaLibraries(List<Path> directories) {
  /** System property for a directory that is searched first. */
  static final String DIRECTORY = "mixlaw.cuda.libraries";

  /**
   * The supported major versions, newest first. All of them have the functions that Mixlaw uses.
   */
  private static final List<Integer> MAJORS = List.of(13, 12);

  CudaLibraries {
    directories = List.copyOf(directories);
  }

  static CudaLibraries ofThisHost() {
    return in(Path.of("/"), System.getProperty(DIRECTORY), System.getenv());
  }

  /**
   * Finds the directories to search.
   *
   * @param root root directory of the file system
   * @param dirs value of the system property {@value #DIRECTORY}; may be null
   * @param environment environment variables
   */
  static CudaLibraries in(Path root, @Nullable String dirs, Map<String, String> environment) {
    Set<Path> found = new LinkedHashSet<>();
    addAll(found, dirs);
    addAll(found, environment.get(Platform.isWindows() ? "PATH" : "LD_LIBRARY_PATH"));
    // Conda installs a toolkit into the environment's own directory.
    for (String name : List.of("CUDA_HOME", "CUDA_PATH", "CONDA_PREFIX")) {
      directory(environment, name).ifPresent(home -> addToolkit(found, home));
    }
    for (String parent : List.of("usr/local", "opt")) {
      matching(root.resolve(parent), "cuda*").forEach(d -> addToolkit(found, d));
    }
    for (String system :
        List.of("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64")) {
      add(found, root.resolve(system));
    }
    for (String name : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      directory(environment, name).ifPresent(home -> addPython(found, home));
    }
    directory(environment, "HOME").ifPresent(home -> addPython(found, home.resolve(".local")));
    addPython(found, root.resolve("usr"));
    addPython(found, root.resolve("usr/local"));
    matching(root.resolve("opt"), "*").forEach(d -> addPython(found, d));
    return new CudaLibraries(List.copyOf(found));
  }

  private static Optional<Path> directory(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(d -> !d.isEmpty()).map(Path::of);
  }

  private static void addAll(Set<Path> found, @Nullable String path) {
    if (path != null) {
      for (String part : path.split(File.pathSeparator, -1)) {
        if (!part.isBlank()) {
          add(found, Path.of(part));
        }
      }
    }
  }

  private static void addToolkit(Set<Path> found, Path home) {
    for (String part : List.of("lib64", "lib", "bin", "bin/x64")) {
      add(found, home.resolve(part));
    }
    matching(home.resolve("targets"), "*").forEach(d -> add(found, d.resolve("lib")));
  }

  private static void addPython(Set<Path> found, Path prefix) {
    // Python on Red Hat keeps packages with native code in lib64.
    for (String lib : List.of("lib", "lib64")) {
      for (Path python : matching(prefix.resolve(lib), "python3*")) {
        for (String packages : List.of("site-packages", "dist-packages")) {
          for (Path part : matching(python.resolve(packages).resolve("nvidia"), "*")) {
            add(found, part.resolve("lib"));
          }
        }
      }
    }
  }

  private static void add(Set<Path> found, Path directory) {
    if (Files.isDirectory(directory)) {
      found.add(directory.toAbsolutePath().normalize());
    }
  }

  private static List<Path> matching(Path directory, String glob) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
      stream.forEach(found::add);
    } catch (NotDirectoryException | NoSuchFileException | AccessDeniedException e) {
      // An unreadable directory is treated as empty.
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Newer toolkits are searched first.
    found.sort(Comparator.reverseOrder());
    return found;
  }

  /**
   * Finds the newest version of a library that a driver supports.
   *
   * @param name {@code nvrtc} or {@code cublasLt}
   * @param driver newest CUDA version that the driver supports
   */
  Optional<Path> find(String name, int driver) {
    for (int major : MAJORS) {
      if (major <= driver) {
        Optional<Path> found = find(fileName(name, major));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** Returns the file names for which {@link #find} looks, for messages. */
  static String names(String name, int driver) {
    return String.join(
        " or ", MAJORS.stream().filter(m -> m <= driver).map(m -> fileName(name, m)).toList());
  }

  private Optional<Path> find(String file) {
    return directories.stream().map(d -> d.resolve(file)).filter(Files::exists).findFirst();
  }

  private static String fileName(String name, int major) {
    if (Platform.isWindows()) {
      return name.equals("nvrtc") ? "nvrtc64_" + major + "0_0.dll" : name + "64_" + major + ".dll";
    }
    return "lib" + name + ".so." + major;
  }
}
