package dev.mixlaw.train.engine.decoder.cuda;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * This machine's processor in a card's place: the same sources, compiled by g++ with {@code shim.h}
 * before them.
 */
final class HostCard implements Card {
  private static final Pattern KERNEL = Pattern.compile("KERNEL(?:_OF_128)? (\\w+)\\(");

  /** Compiled once a test run. */
  private static final Map<Program, NativeLibrary> COMPILED = new HashMap<>();

  private final int sharedMemory;
  private final List<Memory> memory = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final List<Function> launchers = new ArrayList<>();
  private final List<Product> products = new ArrayList<>();
  private final Map<Long, List<Runnable>> recordings = new HashMap<>();
  private @Nullable List<Runnable> recording;
  private int played;

  HostCard(int sharedMemory) {
    this.sharedMemory = sharedMemory;
  }

  static boolean canCompile() {
    try {
      Process process =
          new ProcessBuilder("g++", "--version")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static synchronized NativeLibrary compiled(Program program) {
    return COMPILED.computeIfAbsent(program, HostCard::compile);
  }

  private static NativeLibrary compile(Program program) {
    try (InputStream in = HostCard.class.getResourceAsStream("shim.h")) {
      String kernels = program.source();
      StringBuilder text =
          new StringBuilder(new String(in.readAllBytes(), StandardCharsets.UTF_8))
              .append(kernels)
              .append(
                  "extern \"C\" SHOWN const char* launch(const char* name, int x, int y, int threads,")
              .append(" int shared, const int64_t* words, int n) {\n  shim::failure.clear();\n");
      Matcher m = KERNEL.matcher(kernels);
      while (m.find()) {
        text.append("  if (!strcmp(name, \"%s\"))".formatted(m.group(1)))
            .append(
                " shim::run(%s, {x, y, 1}, threads, shared, words, n);\n".formatted(m.group(1)));
      }
      text.append("  return shim::failure.c_str();\n}\nvoid* keep[] = {(void*)product};\n");
      Path directory = Files.createTempDirectory("mixlaw-kernels");
      Path source = directory.resolve("kernels.cpp");
      Path library = directory.resolve("libkernels.so");
      Files.writeString(source, text);
      Process process =
          new ProcessBuilder(
                  "g++",
                  "-std=c++17",
                  "-O1",
                  "-shared",
                  "-fPIC",
                  "-fno-strict-aliasing",
                  // Kernels of several formats have the same names.
                  "-fvisibility=hidden",
                  "-o",
                  library.toString(),
                  source.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(said);
      }
      // Kept until the end: a new file in a deleted one's place would pass for the library loaded.
      for (Path file : List.of(directory, source, library)) {
        file.toFile().deleteOnExit();
      }
      return NativeLibrary.getInstance(library.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Recordings that were played. */
  int played() {
    return played;
  }

  @Override
  public int sharedMemory() {
    return sharedMemory;
  }

  @Override
  public long allocate(long bytes) {
    Memory more = new Memory(bytes + 256);
    more.clear();
    memory.add(more);
    long address = Pointer.nativeValue(more);
    return (address + 255) / 256 * 256;
  }

  @Override
  public Pinned pinned(int bytes) {
    Memory more = new Memory(bytes);
    memory.add(more);
    ByteBuffer buffer = more.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    return new Pinned(buffer, Pointer.nativeValue(more));
  }

  @Override
  public long kernel(Program program, String name) {
    names.add(name);
    launchers.add(compiled(program).getFunction("launch"));
    return names.size() - 1;
  }

  @Override
  public long product(Product product) {
    products.add(product);
    return products.size() - 1;
  }

  private void run(Runnable work) {
    if (recording == null) {
      work.run();
    } else {
      recording.add(work);
    }
  }

  @Override
  public void launch(
      long kernel,
      int gridX,
      int gridY,
      int threads,
      int shared,
      long[] arguments,
      int at,
      int count) {
    if (shared > sharedMemory || gridY > 65_535 || threads > 1024 || threads % 32 != 0) {
      throw new IllegalStateException("no card takes this launch");
    }
    long[] own = Arrays.copyOfRange(arguments, at, at + count);
    run(
        () -> {
          String failure =
              launchers
                  .get((int) kernel)
                  .invokeString(
                      new Object[] {
                        names.get((int) kernel), gridX, gridY, threads, shared, own, count
                      },
                      false);
          if (!failure.isEmpty()) {
            throw new IllegalStateException(names.get((int) kernel) + ": " + failure);
          }
        });
  }

  @Override
  public void multiply(long product, long a, long b, long c) {
    Product p = products.get((int) product);
    NativeLibrary library = compiled(Program.of(Program.Family.WEIGHTS, false));
    run(
        () ->
            library
                .getFunction("product")
                .invokeVoid(
                    new Object[] {
                      p.transposeA() ? 1 : 0,
                      p.transposeB() ? 1 : 0,
                      p.rows(),
                      p.columns(),
                      p.inner(),
                      p.rounded() ? 1 : 0,
                      p.roundedResult() ? 1 : 0,
                      p.add() ? 1 : 0,
                      new Pointer(a),
                      new Pointer(b),
                      new Pointer(c)
                    }));
  }

  @Override
  public void zero(long to, long bytes) {
    run(() -> new Pointer(to).setMemory(0, bytes, (byte) 0));
  }

  @Override
  public void copy(long from, long to, long bytes) {
    run(
        () ->
            new Pointer(to)
                .write(0, new Pointer(from).getByteArray(0, (int) bytes), 0, (int) bytes));
  }

  @Override
  public void upload(long pinned, long to, long bytes) {
    copy(pinned, to, bytes);
  }

  @Override
  public void download(long from, long pinned, long bytes) {
    copy(from, pinned, bytes);
  }

  @Override
  public void await() {}

  @Override
  public long record(Runnable work) {
    recording = new ArrayList<>();
    work.run();
    long number = recordings.size() + 1L;
    recordings.put(number, recording);
    recording = null;
    return number;
  }

  @Override
  public void play(long number) {
    played++;
    recordings.get(number).forEach(Runnable::run);
  }

  @Override
  public void forget(long number) {
    recordings.put(number, List.of());
  }

  @Override
  public void close() {
    memory.forEach(Memory::close);
  }
}
