package dev.mixlaw.train.spark;

import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.internal.spi.StageRunner;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Runs stages on a Spark cluster. The outputs stay on the disks of the executors until the driver
 * fetches them in order, a few at a time. Neither the executors nor the driver therefore need
 * memory for many outputs. If an executor is lost, Spark computes its outputs again.
 *
 * <p>If a function throws an exception, the exception is passed to the driver as an output.
 * Otherwise, Spark would retry the function, for example to read the same malformed file.
 */
record SparkStages(JavaSparkContext context) implements StageRunner {
  private static final int MOST_TASKS = 10_000;

  /** Number of outputs that the driver fetches at once. An output has about one megabyte. */
  private static final int OUTPUTS_AT_ONCE = 16;

  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  @Override
  public <I extends Serializable, O extends Serializable> void run(
      String stage,
      List<I> inputs,
      StageFunction<? super I, O> function,
      Consumer<? super O> outputs) {
    SparkStudyRunner.describe(context, stage);
    List<Tuple2<Integer, I>> numbered =
        IntStream.range(0, inputs.size()).mapToObj(i -> new Tuple2<>(i, inputs.get(i))).toList();
    int tasks = Math.max(1, Math.min(MOST_TASKS, inputs.size()));
    JavaPairRDD<Long, byte[]> all =
        context
            .parallelize(numbered, tasks)
            .flatMapToPair(input -> outputs(input._1(), input._2(), function))
            .persist(StorageLevel.DISK_ONLY());
    try {
      long number = SparkStudyRunner.await(all.countAsync());
      Iterator<Tuple2<Long, byte[]>> inOrder =
          all.sortByKey(true, (int) Math.max(1, number / OUTPUTS_AT_ONCE)).toLocalIterator();
      SerializerInstance serializer = serializer();
      while (inOrder.hasNext()) {
        Interrupts.check();
        Object output = serializer.deserialize(ByteBuffer.wrap(inOrder.next()._2()), ANY);
        if (output instanceof RuntimeException failure) {
          throw failure;
        }
        @SuppressWarnings("unchecked") // serialized by outputs()
        O typed = (O) output;
        outputs.accept(typed);
      }
    } finally {
      all.unpersist();
    }
  }

  /** Returns Spark's serializer for closures, with which classes need not be registered. */
  private static SerializerInstance serializer() {
    return SparkEnv.get().closureSerializer().newInstance();
  }

  /**
   * Computes the outputs for an input. This method is called in a task.
   *
   * @param number index of the input
   * @return the serialized outputs, with keys that sort the outputs of all inputs
   */
  private static <I, O> Iterator<Tuple2<Long, byte[]>> outputs(
      int number, I input, StageFunction<? super I, O> function) {
    SerializerInstance serializer = serializer();
    return new Iterator<>() {
      private long key = (long) number << 32;
      private @Nullable Iterator<? extends @Nullable Object> outputs;

      @Override
      public boolean hasNext() {
        try {
          if (outputs == null) {
            Stream<O> stream = function.apply(input);
            TaskContext.get()
                .addTaskCompletionListener((TaskCompletionListener) task -> stream.close());
            outputs = stream.iterator();
          }
          return outputs.hasNext();
        } catch (CancellationException killed) {
          throw killed;
        } catch (RuntimeException e) {
          outputs = List.of(e).iterator();
          return true;
        }
      }

      @Override
      public Tuple2<Long, byte[]> next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return new Tuple2<>(key++, bytes(output()));
      }

      private Object output() {
        try {
          return outputs.next();
        } catch (CancellationException killed) {
          throw killed;
        } catch (RuntimeException e) {
          outputs = Collections.emptyIterator();
          return e;
        }
      }

      private byte[] bytes(Object output) {
        ByteBuffer buffer = serializer.serialize(output, ANY);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
      }
    };
  }
}
