package dev.mixlaw.train.engine.llama.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Tests that two threads of a session can use the same weights in products at the same time. */
class SharedWeightsTest {
  private static final int SIZE = 3;

  @Test
  void productsOfTwoThreadsWithTheSameWeightsDoNotDisturbEachOther() throws InterruptedException {
    OffHeapFloats weights = filled(7);
    ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    CountDownLatch both = new CountDownLatch(2);
    for (boolean transposed : new boolean[] {true, false}) {
      threads.add(new Thread(() -> multiply(weights, transposed, both, wrong)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    weights.close();

    assertThat(wrong).isEmpty();
  }

  private static void multiply(
      OffHeapFloats weights,
      boolean transposed,
      CountDownLatch both,
      ConcurrentLinkedQueue<String> wrong) {
    Fp32Products products = new Fp32Products();
    OffHeapFloats in = filled(3);
    OffHeapFloats out = OffHeapFloats.allocate(SIZE * SIZE);
    float[] expected = reference(transposed);
    float[] now = new float[SIZE * SIZE];
    try {
      both.countDown();
      both.await();
      for (int i = 0; i < 300_000 && wrong.isEmpty(); i++) {
        if (transposed) {
          products.linear(in, weights, out, SIZE, SIZE, SIZE, false);
        } else {
          products.linearInput(in, weights, out, SIZE, SIZE, SIZE);
        }
        out.buffer().get(0, now);
        for (int j = 0; j < now.length; j++) {
          if (Math.abs(now[j] - expected[j]) > 1e-4) {
            wrong.add("product " + i + " transposed " + transposed + ": " + now[j]);
            return;
          }
        }
      }
    } catch (RuntimeException | InterruptedException e) {
      wrong.add(e.toString());
    } finally {
      in.close();
      out.close();
    }
  }

  private static float[] reference(boolean transposed) {
    float[] product = new float[SIZE * SIZE];
    for (int r = 0; r < SIZE; r++) {
      for (int c = 0; c < SIZE; c++) {
        for (int k = 0; k < SIZE; k++) {
          float weight = value(7, transposed ? c * SIZE + k : k * SIZE + c);
          product[r * SIZE + c] += value(3, r * SIZE + k) * weight;
        }
      }
    }
    return product;
  }

  private static OffHeapFloats filled(int seed) {
    OffHeapFloats values = OffHeapFloats.allocate(SIZE * SIZE);
    for (int i = 0; i < SIZE * SIZE; i++) {
      values.buffer().put(i, value(seed, i));
    }
    return values;
  }

  private static float value(int seed, int i) {
    return (i * seed % 11 - 5) / 8f;
  }
}
