package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that every exported package states its first version and whether it is experimental. */
class StabilityTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyExportedPackageHasSince() throws IOException {
    assertThat(exported())
        .hasSizeGreaterThan(20)
        .allSatisfy((name, info) -> assertThat(info).as(name).contains(" * @since "));
  }

  @Test
  void japicmpComparesThePackagesThatAreNotExperimental() throws IOException {
    List<String> stable =
        exported().entrySet().stream()
            .filter(info -> !info.getValue().contains("<b>Experimental:</b>"))
            .map(Map.Entry::getKey)
            .toList();

    assertThat(found("<include>(dev\\.mixlaw\\..*)</include>", ROOT.resolve("pom.xml")))
        .containsExactlyElementsOf(stable);
  }

  /** Returns the content of {@code package-info.java} by exported package. */
  private static Map<String, String> exported() throws IOException {
    Map<String, String> infos = new TreeMap<>();
    for (String module : found("<module>(sdk-.*)</module>", ROOT.resolve("pom.xml"))) {
      Path sources = ROOT.resolve(module).resolve("src/main/java");
      Path descriptor = sources.resolve("module-info.java");
      if (Files.exists(descriptor)) {
        for (String name : found("exports ([\\w.]+);", descriptor)) {
          Path info = sources.resolve(name.replace('.', '/')).resolve("package-info.java");
          infos.put(name, Files.readString(info));
        }
      } else if (Files.exists(sources)) { // all packages are exported
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path info : files.filter(f -> f.endsWith("package-info.java")).toList()) {
            infos.put(found("^package ([\\w.]+);", info).get(0), Files.readString(info));
          }
        }
      }
    }
    return infos;
  }

  private static List<String> found(String pattern, Path file) throws IOException {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(Files.readString(file))
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
