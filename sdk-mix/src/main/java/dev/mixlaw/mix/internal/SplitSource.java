package dev.mixlaw.mix.internal;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import java.io.Serializable;
import java.util.List;

/** A source whose documents are in parts that can be read independently, such as files. */
public interface SplitSource extends DocumentSource {
  /** Returns the parts, in the order of the documents. */
  List<Part> parts();

  /** Returns empty counts, to which the counts of all parts can be added in order. */
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
