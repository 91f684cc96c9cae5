package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;

/**
 * A section of a study's report. An application passes its own sections to {@link Reports#write}.
 *
 * <pre>{@code
 * Reports.write(findings, html, new ReportSection() {
 *   public String id() { return "notes"; }
 *   public String title() { return "Notes"; }
 *   public void write(Findings f, HtmlPage page) { page.paragraph("Trained on " + f.runs().size() + " runs."); }
 * });
 * }</pre>
 */
public interface ReportSection {
  /**
   * Returns the anchor of the section, which is unique in the report. It consists of letters,
   * digits and hyphens.
   */
  String id();

  /** Returns the heading, which is also the text of the link in the list of sections. */
  String title();

  /** Returns whether this section has content for the findings. If not, the section is omitted. */
  default boolean appliesTo(Findings findings) {
    return true;
  }

  /** Writes the content below the heading. */
  void write(Findings findings, HtmlPage page);
}
