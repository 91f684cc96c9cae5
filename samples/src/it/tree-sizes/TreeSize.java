import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prints the sizes of jars in megabytes (10^6 bytes). The arguments are the most allowed in all and the class path. */
final class TreeSize {
  public static void main(String[] args) throws Exception {
    double most = Double.parseDouble(args[0]);
    double sum = 0;
    for (String jar : args[1].split(File.pathSeparator)) {
      if (jar.endsWith(".jar")) {
        double size = Files.size(Path.of(jar)) / 1e6;
        System.out.printf("%6.2f %s%n", size, Path.of(jar).getFileName());
        sum += size;
      }
    }
    System.out.printf("%6.2f MB of at most %.2f%n", sum, most);
    if (sum == 0 || sum > most) {
      throw new IllegalStateException("the dependencies have " + sum + " MB, expected at most " + most);
    }
  }
}
