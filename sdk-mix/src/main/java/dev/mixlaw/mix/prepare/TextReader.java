package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.spi.StageRunner;
import dev.mixlaw.mix.internal.SplitSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads texts in batches of documents. The {@link StageRunner} may read the parts of a text, such
 * as its files, in other processes. A text that cannot be split has one part, which this process
 * reads.
 */
record TextReader(StageRunner stages) {
  /** Reads all parts in this process. */
  static final TextReader LOCAL = new TextReader(StageRunner.LOCAL);

  private static final int BATCH = 1 << 20; // characters

  /**
   * Consecutive documents of a part.
   *
   * @param last whether no document of the part follows
   * @param stream stream of the documents of the part, positioned after this batch
   */
  record Batch(List<Document> documents, boolean last, DocumentStream stream) {}

  /** Creates the functions that process the batches of each part. */
  @FunctionalInterface
  interface PartFunction<O> extends Serializable {
    /**
     * Returns a new function, which may have a state, for the batches of a part.
     *
     * @param part index of the part, from 0
     */
    Function<Batch, O> open(int part);
  }

  private record NumberedPart(int number, SplitSource.Part part) implements Serializable {}

  private record ReadPart<O>(PartFunction<O> function)
      implements StageRunner.StageFunction<NumberedPart, O> {
    @Override
    public Stream<O> apply(NumberedPart input) {
      DocumentStream documents = input.part().open();
      Iterator<O> outputs = outputs(documents, function.open(input.number()));
      return StreamSupport.stream(Spliterators.spliteratorUnknownSize(outputs, 0), false)
          .onClose(documents::close);
    }
  }

  /**
   * Applies a function to a text.
   *
   * @param stage name of the stage, which is shown to users
   * @param outputs receives the outputs for the batches in the order of the documents
   */
  <O extends Serializable> void read(
      String stage, TextSource source, PartFunction<O> function, Consumer<? super O> outputs) {
    if (source.documents() instanceof SplitSource split) {
      List<SplitSource.Part> parts = split.parts();
      stages.run(
          stage,
          IntStream.range(0, parts.size())
              .mapToObj(i -> new NumberedPart(i, parts.get(i)))
              .toList(),
          new ReadPart<>(function),
          outputs);
    } else {
      try (DocumentStream documents = source.documents().open()) {
        outputs(documents, function.open(0)).forEachRemaining(outputs);
      }
    }
  }

  private static <O> Iterator<O> outputs(DocumentStream documents, Function<Batch, O> function) {
    return new Iterator<>() {
      private boolean ended;

      @Override
      public boolean hasNext() {
        return !ended;
      }

      @Override
      public O next() {
        if (ended) {
          throw new NoSuchElementException();
        }
        List<Document> batch = new ArrayList<>();
        for (int size = 0; size < BATCH && !ended; ) {
          Interrupts.check();
          ended = !documents.hasNext();
          if (!ended) {
            batch.add(documents.next());
            size += batch.get(batch.size() - 1).text().length();
          }
        }
        return function.apply(new Batch(batch, ended, documents));
      }
    };
  }
}
