package dev.mixlaw.mix.internal;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import java.io.Serializable;
import java.util.List;

/** A source whose documents are in parts that can be read independently, such as files. */
public interface SplitSource extends DocumentSource {
  /** Returns the parts. The documents are those of all parts, one part after the other. */
  List<Part> parts();

  /** Returns counts to which those of all parts can be added. */
  RecordCounts counts();

  /** A part, which may be read in another process. */
  interface Part extends Serializable {
    PartStream open();
  }

  /** The documents of a part. */
  interface PartStream extends DocumentStream {
    /** Returns the counts of the records read so far. */
    RecordCounts counts();
  }
}
