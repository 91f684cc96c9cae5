package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files in a folder and in those within it. */
public final class FolderFiles {
  private FolderFiles() {}

  /**
   * Paths of all files from the folder on, with slashes, in order; none whose name, or that of a
   * folder on the way, begins with a dot.
   *
   * @param title as the folder's text is called in messages, such as {@code corpus web}
   * @throws MixlawException (data) if it cannot be listed
   */
  public static List<String> names(String title, Path folder) {
    try (Stream<Path> walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .map(name -> name.replace(folder.getFileSystem().getSeparator(), "/"))
          .filter(name -> !name.startsWith(".") && !name.contains("/."))
          .sorted()
          .toList();
    } catch (UncheckedIOException e) {
      throw unreadable(title, folder, e.getCause());
    } catch (IOException e) {
      throw unreadable(title, folder, e);
    }
  }

  /** What is said of a folder that cannot be listed. */
  public static MixlawException unreadable(String title, Path folder, IOException cause) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            title + ": the directory cannot be read",
            folder + ": " + Reasons.of(cause),
            "readable files and folders",
            "the permissions of " + folder),
        cause);
  }
}
