package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.mix.corpus.JsonLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The file {@code MANIFEST.tsv}, which lists the origin and size of each file in a directory. The
 * file is written last. A directory with a matching manifest is therefore complete.
 */
final class Manifest {
  private static final String HEADER = "file\tdocuments\ttext_bytes\tfile_bytes\torigin";

  private final Path directory;
  private final String recipe;
  private final List<String> rows = new ArrayList<>();

  /**
   * Creates a manifest.
   *
   * @param recipe text that identifies the content of the files
   */
  Manifest(Path directory, String recipe) {
    this.directory = directory;
    this.recipe = "# " + recipe;
  }

  boolean complete() {
    try {
      if (!Files.exists(file())) {
        return false;
      }
      List<String> lines = Files.readAllLines(file(), StandardCharsets.UTF_8);
      if (lines.size() < 3 || !lines.get(0).equals(recipe) || !lines.get(1).equals(HEADER)) {
        return false;
      }
      for (String line : lines.subList(2, lines.size())) {
        String[] cells = line.split("\t");
        Path file = directory.resolve(cells[0]);
        if (cells.length != 5
            || !Files.exists(file)
            || !cells[3].equals(Long.toString(Files.size(file)))) {
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      throw failure("cannot be read", e);
    }
  }

  JsonLines write(String name, DocumentSource documents, String origin) {
    Path file = directory.resolve(name);
    JsonLines written = JsonLines.write(file, documents);
    try {
      rows.add(
          String.join(
              "\t",
              name,
              Long.toString(written.documents()),
              Long.toString(written.textBytes()),
              Long.toString(Files.size(file)),
              origin));
    } catch (IOException e) {
      throw failure("cannot be written", e);
    }
    return written;
  }

  /** Writes the manifest, which marks the directory as complete. */
  void save() {
    String text = recipe + "\n" + HEADER + "\n" + String.join("\n", rows) + "\n";
    DurableFile.write(file(), text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file() {
    return directory.resolve("MANIFEST.tsv");
  }

  private MixlawException failure(String what, IOException cause) {
    return MixlawException.storage(
        file() + " " + what,
        cause.toString(),
        "a readable and writable directory with enough space",
        "use another --lab",
        cause);
  }
}
