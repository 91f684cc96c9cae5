package dev.mixlaw.mix.corpus;

import java.io.Closeable;
import java.io.IOException;

/** The records of one file, read once from front to back. */
public interface RecordReader extends Closeable {
  /**
   * Goes to the next record; false at the end of the file.
   *
   * @throws IOException if the file cannot be read on: nobody knows how much is lost
   */
  boolean next() throws IOException;

  /**
   * The record's text; blank for what is no record, such as a blank line.
   *
   * @throws MalformedRecordException if it is no document
   */
  String text() throws IOException, MalformedRecordException;

  /** Which record of the file this is, from 1; where reading failed, the last one begun. */
  long position();
}
