package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Reasons;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The domains that a study describes, those in directories found out. */
final class DomainFiles {
  private static final Pattern READ =
      Pattern.compile(".+\\.((jsonl|json|txt|text|warc|wet)(\\.(gz|zst))?|parquet)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private final List<TextSource> sources = new ArrayList<>();
  private final List<Problem> problems;
  private final List<String> warnings;

  private DomainFiles(List<Problem> problems, List<String> warnings) {
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * Domains given one by one, then each directory's files in the order of their names. Hidden files
   * and directories within are left out; other files that are not text by their name as well, with
   * a warning.
   */
  static List<TextSource> of(Domains domains, List<Problem> problems, List<String> warnings) {
    DomainFiles found = new DomainFiles(problems, warnings);
    domains.listed().forEach(d -> found.sources.add(new TextSource("domain", d)));
    domains.directories().forEach(found::add);
    domains
        .mostBytes()
        .ifPresent(
            bytes ->
                found.sources.replaceAll(s -> new TextSource(s.role(), s.corpus().excerpt(bytes))));
    found.checkNames();
    return found.sources;
  }

  private void add(Path directory) {
    int before = sources.size();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .sorted(Comparator.comparing(f -> f.getFileName().toString()))
          .filter(f -> Files.isRegularFile(f) && !f.getFileName().toString().startsWith("."))
          .forEach(this::file);
    } catch (IOException e) {
      problem(directory, "cannot be listed: " + Reasons.of(e), "a readable directory");
      return;
    }
    if (sources.size() == before) {
      problem(
          directory,
          "no domains in it",
          "files named *.jsonl, *.json, *.txt, *.warc or *.wet, or those with .gz or .zst, or *.parquet");
    }
  }

  private void file(Path file) {
    if (READ.matcher(file.getFileName().toString()).matches()) {
      sources.add(new TextSource("domain", Corpus.directory(file)));
    } else {
      warnings.add("domains: " + file + " left out, its name is not that of a text");
    }
  }

  private void checkNames() {
    Set<String> names = new HashSet<>();
    for (TextSource source : sources) {
      if (!NAME.matcher(source.name()).matches()) {
        problems.add(
            new Problem(
                "domain name",
                "\"" + source.name() + "\"",
                "letters, digits, '.', '_' and '-', a letter or digit first",
                "the file's name"));
      }
      if (!names.add(source.name())) {
        problems.add(
            new Problem(
                source.title(),
                "two domains have this name",
                "a name of its own for each",
                "the file's name or Corpus.named"));
      }
    }
  }

  private void problem(Path directory, String actual, String allowed) {
    problems.add(new Problem("domains in " + directory, actual, allowed, "Domains.directory"));
  }
}
