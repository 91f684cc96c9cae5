package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.DeviceLostException;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import sun.misc.Unsafe;

/**
 * An engine that terminates its process. System properties, which child JVMs inherit, set how and
 * when.
 */
public final class DyingEngine implements TrainingEngine {
  private static final String PREFIX = "dev.mixlaw.dying.";

  private final BigramEngine engine = new BigramEngine();

  /** The ways to terminate the process. */
  enum Way {
    NATIVE_CRASH,
    HALT,
    LOST_CARD,
    HEAP
  }

  /** The events at which the process is terminated. */
  enum Moment {
    STEP,
    SAVE,
    LOAD,
    EVALUATION,
    TEXT
  }

  /** Makes engines terminate their process until it is closed. */
  static final class Deaths implements AutoCloseable {
    /**
     * @param step number of the step or event at which the process terminates
     * @param times largest number of terminations, in all processes together
     * @param directory directory with one file per termination
     */
    Deaths(Way way, Moment moment, long step, int times, Path directory) {
      System.setProperty(PREFIX + "way", way.name());
      System.setProperty(PREFIX + "moment", moment.name());
      System.setProperty(PREFIX + "step", Long.toString(step));
      System.setProperty(PREFIX + "times", Integer.toString(times));
      System.setProperty(PREFIX + "directory", directory.toString());
    }

    @Override
    public void close() {
      for (String name : new String[] {"way", "moment", "step", "times", "directory"}) {
        System.clearProperty(PREFIX + name);
      }
    }
  }

  public DyingEngine() {
    engine.hook =
        new BigramEngine.Hook() {
          private long steps;
          private long texts;

          @Override
          public void step(SessionSpec spec, long step) {
            steps = step;
            come(Moment.STEP, step);
          }

          @Override
          public void insideSave(SessionSpec spec, Path directory) {
            come(Moment.SAVE, steps + 1);
          }

          @Override
          public void load(SessionSpec spec) {
            come(Moment.LOAD, 0);
          }

          @Override
          public void evaluate(SessionSpec spec) {
            come(Moment.EVALUATION, steps + 1);
          }

          @Override
          public void write() {
            come(Moment.TEXT, ++texts);
          }
        };
  }

  private static void come(Moment moment, long step) {
    if (!moment.name().equals(System.getProperty(PREFIX + "moment"))
        || step != Long.getLong(PREFIX + "step")
        || !mayDie()) {
      return;
    }
    switch (Way.valueOf(System.getProperty(PREFIX + "way"))) {
      case NATIVE_CRASH -> crash();
      case HALT -> {
        System.out.println("a line before");
        System.err.println("assertion failed: no more beer");
        Runtime.getRuntime().halt(3);
      }
      case LOST_CARD ->
          throw new DeviceLostException(new Problem("the card", "is gone", "a card", "-"));
      case HEAP -> {
        long[] more = new long[Integer.MAX_VALUE - 8];
        throw new AssertionError("there was room for " + more.length);
      }
    }
  }

  private static boolean mayDie() {
    Path directory = Path.of(System.getProperty(PREFIX + "directory"));
    for (int i = 0; i < Integer.getInteger(PREFIX + "times"); i++) {
      try {
        Files.createFile(directory.resolve("death-" + i));
        return true;
      } catch (FileAlreadyExistsException e) {
        // This death has already happened; try the next number.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }

  private static void crash() {
    try {
      Field field = Unsafe.class.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      ((Unsafe) field.get(null)).putLong(0, 1);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public String device() {
    return engine.device();
  }

  @Override
  public Optional<Problem> unavailable() {
    return Optional.empty();
  }

  @Override
  public Cost cost(SessionSpec spec) {
    return engine.cost(spec);
  }

  @Override
  public Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return engine.writingCost(model, vocabulary, threads);
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    return engine.openModel(directory, threads);
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return engine.open(spec);
  }
}
