package dev.mixlaw.mix.corpus;

import java.io.Closeable;
import java.io.IOException;

/** Reads the records of one file, from the first to the last. */
interface RecordReader extends Closeable {
  /**
   * Moves to the next record; returns false at the end of the file.
   *
   * @throws IOException if the file cannot be read any further
   */
  boolean next() throws IOException;

  /**
   * Returns the text of the current record. Blank text means that there is no record, for example
   * on a blank line.
   *
   * @throws MalformedRecordException if the record is not a document
   */
  String text() throws IOException, MalformedRecordException;

  /** Returns the number of the current record, from 1. */
  long position();
}
