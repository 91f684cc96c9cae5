package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.DeviceProfile;
import dev.mixlaw.train.engine.llama.ProductShape;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Where a card's time goes. */
final class CardProfile implements DeviceProfile {
  /** A product is repeated so often, and as often before without being timed. */
  private static final int TIMES = 10;

  private final GraphicsCard card;
  private final CommandBuffer tape;
  private final CardMemoryPool pool;
  private final boolean rounded;

  CardProfile(GraphicsCard card, CommandBuffer tape, CardMemoryPool pool, boolean rounded) {
    this.card = card;
    this.tape = tape;
    this.pool = pool;
    this.rounded = rounded;
  }

  /** By the card's own clock; without recordings, so that commands can be told apart. */
  @Override
  public Map<String, Double> secondsByKernel(Runnable work) {
    CommandTimes times = new CommandTimes(card);
    card.await();
    tape.time(times);
    long begin = System.nanoTime();
    try {
      work.run();
      card.await();
    } finally {
      tape.time(null);
    }
    double all = (System.nanoTime() - begin) / 1e9;
    Map<String, Double> seconds = new TreeMap<>(times.seconds());
    double computing = seconds.values().stream().mapToDouble(s -> s).sum();
    seconds.put("between kernels", Math.max(0, all - computing));
    return seconds;
  }

  @Override
  public double secondsOf(IntFunction<List<ProductShape>> ofLane) {
    List<ProductShape> shapes = ofLane.apply(0);
    int each = CudaFloats.bytes(rounded);
    long a = take(shapes.stream().mapToLong(s -> (long) s.rows() * s.inner()).max(), each);
    long b = take(shapes.stream().mapToLong(s -> (long) s.inner() * s.columns()).max(), each);
    long c = take(shapes.stream().mapToLong(s -> (long) s.rows() * s.columns()).max(), each);
    double seconds = 0;
    for (ProductShape s : shapes) {
      seconds += s.times() * secondsOf(s, a, b, c);
    }
    return seconds;
  }

  private long take(java.util.OptionalLong values, int each) {
    return pool.take(values.orElse(1) * each);
  }

  private double secondsOf(ProductShape s, long a, long b, long c) {
    long product =
        card.product(
            new MatrixProduct(
                false, true, s.rows(), s.columns(), s.inner(), rounded, rounded, false, 256));
    for (int i = 0; i < TIMES; i++) {
      card.multiply(product, a, b, c, c);
    }
    long begin = card.timedEvent();
    long end = card.timedEvent();
    card.mark(GraphicsCard.Line.WORK, begin);
    for (int i = 0; i < TIMES; i++) {
      card.multiply(product, a, b, c, c);
    }
    card.mark(GraphicsCard.Line.WORK, end);
    card.await(end);
    return card.seconds(begin, end) / TIMES;
  }

  @Override
  public String productFormat() {
    return rounded ? "bf16" : "fp32";
  }
}
