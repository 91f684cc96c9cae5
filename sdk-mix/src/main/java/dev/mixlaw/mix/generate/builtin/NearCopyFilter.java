package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import dev.mixlaw.mix.internal.Shingles;
import java.util.Arrays;
import java.util.Locale;

/** Refuses drafts that share too many 13-word shingles with their material. */
record NearCopyFilter(double mostShared) implements DraftFilter {
  NearCopyFilter {
    if (!(mostShared >= 0 && mostShared <= 1)) {
      throw new IllegalArgumentException("mostShared: " + mostShared + "; expected 0 to 1");
    }
  }

  @Override
  public String name() {
    return "near-copies";
  }

  @Override
  public String description() {
    return "13-word shingles shared with the material: at most " + mostShared;
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    long[] own = Shingles.of(draft.text());
    long[] given = Shingles.of(draft.material().text());
    Arrays.sort(given);
    long shared = Arrays.stream(own).filter(s -> Arrays.binarySearch(given, s) >= 0).count();
    return shared <= mostShared * own.length
        ? Verdict.kept(draft.text())
        : Verdict.refused(
            String.format(
                Locale.ROOT, "shares %.2f of its shingles", (double) shared / own.length));
  }
}
