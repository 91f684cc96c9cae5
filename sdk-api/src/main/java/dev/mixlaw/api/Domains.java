package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Held-out text to measure losses on, one domain a kind of text.
 *
 * @param listed domains given one by one; a domain is named after its corpus
 * @param directories each file in one of these is a domain, named after the file
 */
public record Domains(List<Corpus> listed, List<Path> directories) {
  public Domains {
    listed = List.copyOf(listed);
    directories = List.copyOf(directories);
  }

  /** Each file in the directory is a domain: {@code wiki.jsonl} is the domain {@code wiki}. */
  public static Domains directory(Path directory) {
    return new Domains(List.of(), List.of(directory));
  }

  public static Domains of(Corpus... domains) {
    return new Domains(List.of(domains), List.of());
  }

  /** These domains and one more. */
  public Domains and(Corpus domain) {
    List<Corpus> more = new ArrayList<>(listed);
    more.add(domain);
    return new Domains(more, directories);
  }
}
