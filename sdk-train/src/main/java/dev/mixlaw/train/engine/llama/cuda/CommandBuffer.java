package dev.mixlaw.train.engine.llama.cuda;

import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Collects commands for a GPU before they are submitted. If the same sequence of commands with the
 * same arguments is submitted again, it is captured as a CUDA graph. From then on, the graph is
 * launched instead, because one launch takes less time than a launch for each kernel.
 */
final class CommandBuffer {
  private static final int LAUNCH = 1;
  private static final int MULTIPLY = 2;
  private static final int ZERO = 3;
  private static final int COPY = 4;

  private static final int MAX_GRAPHS = 32;

  private static final int MIN_COMMANDS = 4;

  private final NvidiaCard card;
  private long[] words = new long[1 << 12];
  private int size;
  private int commandCount;

  /**
   * The graph of each sequence of commands, least recently used first. The value is 0 if the
   * sequence was submitted only once and has no graph.
   */
  private final Map<LongBuffer, Long> known = new LinkedHashMap<>(16, 0.75f, true);

  CommandBuffer(NvidiaCard card) {
    this.card = card;
  }

  /**
   * Adds a kernel launch.
   *
   * @param arguments the arguments of the kernel, in order: arrays on the GPU, numbers and booleans
   */
  void launch(long kernel, Grid grid, Object... arguments) {
    write(LAUNCH, kernel, grid.x(), grid.y(), grid.threads(), grid.shared(), arguments.length);
    for (Object argument : arguments) {
      append(word(argument));
    }
  }

  private static long word(Object argument) {
    if (argument instanceof CudaFloats floats) {
      return floats.address();
    } else if (argument instanceof CudaDevice.CudaIds ids) {
      return ids.address();
    } else if (argument instanceof Boolean flag) {
      return flag ? 1 : 0;
    } else if (argument instanceof Float number) {
      return Integer.toUnsignedLong(Float.floatToRawIntBits(number));
    } else if (argument instanceof Double number) {
      return Double.doubleToRawLongBits(number);
    }
    return ((Number) argument).longValue();
  }

  void multiply(long product, long a, long b, long c, long d) {
    write(MULTIPLY, product, a, b, c, d);
  }

  void zero(long to, long bytes) {
    write(ZERO, to, bytes);
  }

  void copy(long from, long to, long bytes) {
    write(COPY, from, to, bytes);
  }

  private void write(long... command) {
    commandCount++;
    append(command);
  }

  private void append(long... more) {
    if (size + more.length > words.length) {
      words = Arrays.copyOf(words, 2 * (size + more.length));
    }
    System.arraycopy(more, 0, words, size, more.length);
    size += more.length;
  }

  void submit() {
    try {
      if (commandCount < MIN_COMMANDS) {
        run();
        return;
      }
      LongBuffer work = LongBuffer.wrap(Arrays.copyOf(words, size));
      Long recording = known.get(work);
      if (recording == null) {
        known.put(work, 0L);
        destroyOldest();
        run();
        return;
      }
      if (recording == 0) {
        recording = card.captureGraph(this::run);
        known.put(work, recording);
      }
      card.launchGraph(recording);
    } finally {
      clear();
    }
  }

  void clear() {
    size = 0;
    commandCount = 0;
  }

  private void destroyOldest() {
    if (known.size() > MAX_GRAPHS) {
      var oldest = known.entrySet().iterator();
      long recording = oldest.next().getValue();
      oldest.remove();
      if (recording != 0) {
        card.destroyGraph(recording);
      }
    }
  }

  private void run() {
    for (int at = 0; at < size; ) {
      switch ((int) words[at]) {
        case LAUNCH -> {
          int count = (int) words[at + 6];
          Grid grid =
              new Grid(
                  (int) words[at + 2],
                  (int) words[at + 3],
                  (int) words[at + 4],
                  (int) words[at + 5]);
          card.launch(words[at + 1], grid, words, at + 7, count);
          at += 7 + count;
        }
        case MULTIPLY -> {
          card.multiply(words[at + 1], words[at + 2], words[at + 3], words[at + 4], words[at + 5]);
          at += 6;
        }
        case ZERO -> {
          card.zero(words[at + 1], words[at + 2]);
          at += 3;
        }
        case COPY -> {
          card.copy(words[at + 1], words[at + 2], words[at + 3]);
          at += 4;
        }
        default -> throw new IllegalStateException("unknown command " + words[at]);
      }
    }
  }
}
