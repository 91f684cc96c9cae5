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

/** Lists the files of a directory tree. */
final class FolderFiles {
  private FolderFiles() {}

  /**
   * Returns the sorted paths of all files, relative to the directory, with slashes. Files and
   * directories whose names begin with a dot are left out.
   *
   * @param title the subject of messages, such as {@code corpus web}
   * @throws MixlawException (data) if the directory cannot be listed
   */
  static List<String> names(String title, Path folder) {
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

  /** Returns the exception for a directory that cannot be listed. */
  static MixlawException unreadable(String title, Path folder, IOException cause) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem(
            title + ": " + folder,
            "the directory cannot be read: " + Reasons.of(cause),
            "readable files and directories",
            "change the permissions"),
        cause);
  }
}
