package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Names;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Finds the domains of a study, including those in directories. */
final class DomainSources {
  private final List<TextSource> sources = new ArrayList<>();
  private final List<Problem> problems;
  private final List<String> warnings;

  private DomainSources(List<Problem> problems, List<String> warnings) {
    this.problems = problems;
    this.warnings = warnings;
  }

  /**
   * Returns the individual domains, and each file and subdirectory in the directories of domains.
   */
  static List<TextSource> of(Domains domains, List<Problem> problems, List<String> warnings) {
    DomainSources found = new DomainSources(problems, warnings);
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
    List<TextPath> texts;
    try {
      texts = TextPath.of(directory).each();
      texts.forEach(text -> sources.add(new TextSource("domain", text.heldOut())));
      TextPath.of(directory)
          .ignored()
          .forEach(o -> warnings.add("domains: " + o + " is ignored: unknown file extension"));
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      return;
    }
    if (texts.isEmpty()) {
      problems.add(
          new Problem(
              "domains in " + directory,
              "no text in this directory",
              "files or directories of text: " + TextPath.FILE_NAMES,
              "change Domains.directory"));
    }
  }

  private void checkNames() {
    Set<String> names = new HashSet<>();
    for (TextSource source : sources) {
      if (!Names.isValid(source.name()) || Names.isMean(source.name())) {
        problems.add(
            new Problem(
                "domain name",
                "\"" + source.name() + "\"",
                Names.EXPECTED_OF_DOMAIN,
                "rename the file or use Corpus.named"));
      }
      if (!names.add(source.name())) {
        problems.add(
            new Problem(
                source.title(),
                "two domains have this name",
                "unique names",
                "rename a file or use Corpus.named"));
      }
    }
  }
}
