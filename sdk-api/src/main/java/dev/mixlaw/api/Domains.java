package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The held-out texts on which losses are measured. Each domain is text of one kind.
 *
 * @param listed domains that are given individually; each has the name of its corpus
 * @param directories directories in which each file or folder is a domain that is named after it
 * @param mostBytes largest number of bytes of UTF-8 text to measure per domain; larger domains are
 *     sampled as by {@link Corpus#excerpt}; if empty, all text is measured
 */
public record Domains(List<Corpus> listed, List<Path> directories, OptionalLong mostBytes) {
  /** Copies the lists. */
  public Domains {
    listed = List.copyOf(listed);
    directories = List.copyOf(directories);
    Objects.requireNonNull(mostBytes, "mostBytes");
  }

  /**
   * Returns the domains in a directory. Each file or folder is a domain. For example, the file
   * {@code wiki.jsonl} is the domain {@code wiki}. If a folder has splits, the validation split is
   * used.
   */
  public static Domains directory(Path directory) {
    return new Domains(List.of(), List.of(directory), OptionalLong.empty());
  }

  /** Returns the given domains. */
  public static Domains of(Corpus... domains) {
    return new Domains(List.of(domains), List.of(), OptionalLong.empty());
  }

  /** Returns these domains together with the given one. */
  public Domains and(Corpus domain) {
    List<Corpus> more = new ArrayList<>(listed);
    more.add(domain);
    return new Domains(more, directories, mostBytes);
  }

  /**
   * Returns these domains with a limit on the size of each domain. Measuring a small model on large
   * domains takes longer than training it, so a limit saves time. However, fewer documents result
   * in wider confidence intervals.
   *
   * @param bytes limit per domain in bytes of UTF-8 text, at least 1
   */
  public Domains atMostBytes(long bytes) {
    return new Domains(listed, directories, OptionalLong.of(bytes));
  }
}
