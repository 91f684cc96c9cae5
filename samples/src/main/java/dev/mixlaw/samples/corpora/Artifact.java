package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.MixlawException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;

/** The resources in a jar on the class path. The jar is found by one of its resources. */
final class Artifact implements AutoCloseable {
  private final JarFile jar;

  private Artifact(JarFile jar) {
    this.jar = jar;
  }

  static Artifact find(String coordinates, String knownResource) throws IOException {
    URL url = Artifact.class.getClassLoader().getResource(knownResource);
    if (url != null && url.openConnection() instanceof JarURLConnection connection) {
      connection.setUseCaches(false); // must not be closed if it is shared
      return new Artifact(connection.getJarFile());
    }
    throw MixlawException.data(
        "default corpus",
        url == null ? knownResource + " is not on the class path" : url + " is not in a jar",
        "the jar of " + coordinates,
        "repair the class path of the samples, or use --corpora DIR");
  }

  List<String> names(String prefix, String suffix) {
    return jar.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
        .sorted()
        .toList();
  }

  InputStream open(String name) throws IOException {
    ZipEntry entry = jar.getEntry(name);
    if (entry == null) {
      throw new FileNotFoundException(name + " is not in " + jar.getName());
    }
    return jar.getInputStream(entry);
  }

  /** Returns the lines of a resource. Decompresses it if its name ends in {@code .gz}. */
  List<String> lines(String name) throws IOException {
    try (InputStream in = name.endsWith(".gz") ? new GZIPInputStream(open(name)) : open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  String text(String name) throws IOException {
    try (InputStream in = open(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }
}
