package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Counts the points at which a study may be killed, and runs an action at one of them. The points
 * are before and within each file operation, before each step, within the engine's {@code save},
 * and during loading and evaluation.
 */
final class KillPoints {
  /**
   * Simulates a kill within a process: no code catches this error, so that nothing is cleaned up.
   */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed(String where) {
      super(where, null, false, false);
    }
  }

  /** An action that is run when the study reaches the point with the chosen number. */
  interface Action {
    void at(String moment);
  }

  private final long chosen;
  private final Action action;
  private final List<String> moments = new ArrayList<>();

  /**
   * @param chosen number of the point, from 1; with 0, points are only counted
   */
  KillPoints(long chosen, Action action) {
    this.chosen = chosen;
    this.action = action;
  }

  static KillPoints killing(long chosen) {
    return new KillPoints(
        chosen,
        moment -> {
          throw new Killed(moment);
        });
  }

  /** Returns a description of each point that the study has reached so far. */
  synchronized List<String> moments() {
    return List.copyOf(moments);
  }

  void in(TestLab lab) {
    lab.disk = disk();
    lab.engine.hook = hook();
  }

  private synchronized void moment(String what) {
    moments.add(what);
    if (moments.size() == chosen) {
      action.at(what);
    }
  }

  Disk disk() {
    return new QuickDisk() {
      @Override
      public void replace(Path file, byte[] bytes) throws IOException {
        String name = String.valueOf(file.getFileName());
        moment("before writing " + name);
        DurableFile.replace(file, channel -> writeWithPause(name, channel, bytes));
        moment("after writing " + name);
      }

      @Override
      public boolean create(Path file, byte[] bytes) throws IOException {
        String name = String.valueOf(file.getFileName());
        moment("before writing " + name);
        boolean created = DurableFile.create(file, channel -> writeWithPause(name, channel, bytes));
        moment("after writing " + name);
        return created;
      }

      private void writeWithPause(String name, FileChannel channel, byte[] bytes)
          throws IOException {
        DurableFile.writeFully(channel, Arrays.copyOf(bytes, bytes.length / 2));
        moment("half way through writing " + name);
        channel.truncate(0);
        channel.position(0);
        DurableFile.writeFully(channel, bytes);
      }

      @Override
      public void write(Path file, byte[] bytes) throws IOException {
        moment("before writing " + file.getFileName());
        Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        moment("half way through writing " + file.getFileName());
        super.write(file, bytes);
      }

      @Override
      public void sync(Path path) {
        moment("before forcing out " + path.getFileName());
      }

      @Override
      public void move(Path from, Path to) throws IOException {
        moment("before renaming to " + to.getFileName());
        super.move(from, to);
        moment("after renaming to " + to.getFileName());
      }

      @Override
      public void delete(Path path) throws IOException {
        if (!path.getParent().endsWith(JobClaims.FOLDER)) { // claims of a live process stay
          moment("before deleting " + path.getFileName());
        }
        super.delete(path);
      }
    };
  }

  BigramEngine.Hook hook() {
    return new BigramEngine.Hook() {
      @Override
      public void step(SessionSpec spec, long step) {
        moment("at step " + step);
      }

      @Override
      public void insideSave(SessionSpec spec, Path directory) {
        moment("inside the write of a checkpoint");
      }

      @Override
      public void load(SessionSpec spec) {
        moment("while loading a checkpoint");
      }

      @Override
      public void evaluate(SessionSpec spec) {
        moment("before measuring");
      }
    };
  }
}
