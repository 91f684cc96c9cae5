package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;

/**
 * A section of a study's report. Applications add their own sections with {@link Reports#write}.
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
  /** Returns the anchor of the section: letters, digits and hyphens, unique in the report. */
  String id();

  /** Returns the heading, which is also the link in the list of sections. */
  String title();

  /**
   * Returns whether the findings have content for this section; a section without content is left
   * out.
   */
  default boolean appliesTo(Findings findings) {
    return true;
  }

  /** Writes the content below the heading. */
  void write(Findings findings, HtmlPage page);
}
