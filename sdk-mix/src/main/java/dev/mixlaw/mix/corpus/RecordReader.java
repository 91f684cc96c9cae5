package dev.mixlaw.mix.corpus;

import java.io.Closeable;
import java.io.IOException;

/** Reads the records of a file in order. */
interface RecordReader extends Closeable {
  /** Moves to the next record, or returns false at the end of the file. */
  boolean next() throws IOException;

  /** Returns the text of the current record. The caller ignores blank text. */
  String text() throws IOException, MalformedRecordException;

  /** Returns the number of the current record, from 1. */
  long position();
}
