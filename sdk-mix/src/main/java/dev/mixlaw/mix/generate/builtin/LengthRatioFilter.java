package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.Locale;

/** Refuses drafts that are much shorter or longer than their material. */
record LengthRatioFilter(double least, double most) implements DraftFilter {
  LengthRatioFilter {
    if (!(least >= 0 && most > least)) {
      throw new IllegalArgumentException(
          "length ratio: " + least + " to " + most + "; expected 0 or more, and the second larger");
    }
  }

  @Override
  public String name() {
    return "length-ratio";
  }

  @Override
  public String description() {
    return "draft to material, in characters: " + least + " to " + most;
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    double ratio = (double) characters(draft.text()) / characters(draft.material().text());
    return ratio >= least && ratio <= most
        ? Verdict.kept(draft.text())
        : Verdict.refused(String.format(Locale.ROOT, "%.2f of the material's length", ratio));
  }

  private static int characters(String text) {
    String body = text.strip();
    return body.codePointCount(0, body.length());
  }
}
