package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  private static final Path MODULE = Path.of("").toAbsolutePath();

  @Test
  void theExampleInTheReadmeIsTheOneThatIsCompiled() throws IOException {
    String source =
        Files.readString(MODULE.resolve("src/main/java/dev/mixlaw/samples/ReadmeExample.java"));
    String example =
        source.substring(
            source.indexOf("// README: begin") + "// README: begin".length(),
            source.indexOf("// README: end"));

    assertThat(Files.readString(MODULE.resolveSibling("README.md")))
        .contains(example.stripIndent().strip());
  }

  @Test
  void everySampleInTheReadmeExists() throws IOException {
    String readme = Files.readString(MODULE.resolveSibling("README.md"));
    int start = readme.indexOf("## Samples");
    String table = readme.substring(start, readme.indexOf("\n## ", start));
    List<String> names =
        table
            .lines()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", 3)[1])
            .flatMap(cell -> Pattern.compile("`(\\w+)`").matcher(cell).results())
            .map(name -> name.group(1))
            .toList();

    assertThat(names)
        .hasSizeGreaterThan(8)
        .allMatch(
            name ->
                Stream.of(MODULE, MODULE.resolve("spark"))
                    .map(m -> m.resolve("src/main/java/dev/mixlaw/samples/" + name + ".java"))
                    .anyMatch(Files::exists));
  }
}
