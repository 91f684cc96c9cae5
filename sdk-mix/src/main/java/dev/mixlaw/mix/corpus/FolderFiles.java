package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;

final class FolderFiles {
  private static final Pattern MARKER =
      Pattern.compile("_(SUCCESS|metadata|common_metadata|(started|committed)_\\d+|delta_log)");

  private FolderFiles() {}

  /**
   * Returns the sorted paths of all files, relative to the directory, with slashes. Symbolic links
   * are followed, except to a parent directory. Hidden files and the marker files of Spark and
   * Delta Lake are omitted.
   */
  static List<String> names(String title, Path folder) {
    List<String> names = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return directory.equals(folder) || !hidden(directory)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          /** Also adds links without a target, so that they are reported and not ignored. */
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!hidden(file) && (attributes.isRegularFile() || attributes.isSymbolicLink())) {
              names.add(
                  folder
                      .relativize(file)
                      .toString()
                      .replace(file.getFileSystem().getSeparator(), "/"));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof FileSystemLoopException || hidden(file)) {
              return FileVisitResult.CONTINUE; // the target of a loop is already listed
            }
            throw e;
          }
        };
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    } catch (IOException e) {
      throw unreadable(title, folder, e);
    }
    Collections.sort(names);
    return names;
  }

  private static boolean hidden(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(".") || MARKER.matcher(name).matches();
  }

  static MixlawException unreadable(String title, Path folder, IOException cause) {
    return MixlawException.data(
        title + ": " + folder,
        "the directory cannot be read: " + Reasons.of(cause),
        "readable files and directories",
        "change the permissions",
        cause);
  }
}
