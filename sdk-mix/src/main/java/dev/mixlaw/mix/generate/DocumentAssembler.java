package dev.mixlaw.mix.generate;

import dev.mixlaw.mix.generate.DraftWriter.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Joins drafts to documents again, in order, and writes and counts them. */
final class DocumentAssembler {
  private final DocumentWriter writer;
  private final GenerationListener listener;
  private final CardCounts tally = new CardCounts();
  private final List<Outcome> parts = new ArrayList<>();

  DocumentAssembler(DocumentWriter writer, GenerationListener listener) {
    this.writer = writer;
    this.listener = listener;
  }

  /** Takes the next draft. */
  void add(Outcome outcome) throws IOException {
    parts.add(outcome);
    if (!outcome.material().last()) {
      return;
    }
    String id = outcome.material().document();
    for (Outcome part : parts) {
      tally.draft();
      part.calls().forEach(tally::call);
      part.left()
          .ifPresent(
              left -> {
                tally.refused(id, left);
                listener.on(new GenerationEvent.Refused(id, left.by(), left.reason()));
              });
    }
    String text = join();
    if (text.isEmpty()) {
      tally.documentRefused();
    } else {
      tally.document(writer.write(id, text, parts));
      listener.on(new GenerationEvent.Finished(id, tally.documents()));
    }
    parts.clear();
  }

  /** The parts that were kept, a gap of the source between them. */
  private String join() {
    StringBuilder text = new StringBuilder();
    String gap = "";
    for (Outcome part : parts) {
      if (part.left().isEmpty()) {
        text.append(text.isEmpty() ? "" : gap).append(part.text().strip());
      }
      gap = part.material().gap();
    }
    return text.toString();
  }

  CardCounts tally() {
    return tally;
  }
}
