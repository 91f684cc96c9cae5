package dev.mixlaw.train.engine.decoder.cuda;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What is on its way to the card. A place is given again when the card has been waited for, from
 * the beginning: so that equal work finds its input in equal places, as a recording of it must.
 */
final class Staging {
  private static final int BLOCK = 1 << 20;

  /** Bytes on their way at most, before the card is waited for. */
  private static final long MOST = 64L << 20;

  private final Card card;
  private final List<Card.Pinned> blocks = new ArrayList<>();
  private int block;
  private int used;
  private long total;

  Staging(Card card) {
    this.card = card;
  }

  /** All that was staged has arrived. */
  void arrived() {
    block = 0;
    used = 0;
    total = 0;
  }

  boolean full() {
    return total >= MOST;
  }

  /**
   * A place for some bytes.
   *
   * @param fill writes them
   * @return its address
   */
  long stage(int bytes, java.util.function.Consumer<ByteBuffer> fill) {
    while (block < blocks.size() && used + bytes > blocks.get(block).buffer().capacity()) {
      block++;
      used = 0;
    }
    if (block == blocks.size()) {
      blocks.add(card.pinned(Math.max(BLOCK, bytes)));
    }
    Card.Pinned to = blocks.get(block);
    fill.accept(to.buffer().slice(used, bytes).order(java.nio.ByteOrder.nativeOrder()));
    long address = to.address() + used;
    used += (bytes + 255) / 256 * 256;
    total += bytes;
    return address;
  }
}
