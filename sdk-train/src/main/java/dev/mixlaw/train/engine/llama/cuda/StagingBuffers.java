package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.cuda.GraphicsCard.Stream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What jobs are given from this machine. A job's is gathered in pinned memory and copied to the
 * card in one go, while the jobs before are still under way; the job finds it in the card's memory.
 *
 * <p>Blocks take turns, one for each job that stages anything, and are used again when their job is
 * done. After the card was idle the first is used again: so that equal work finds its input in
 * equal places, as a recording of it must.
 */
final class StagingBuffers {
  /** Jobs under way at most: of the two that a training step stages for, those of two steps. */
  static final int BLOCKS = 4;

  /** Bytes of a chunk at least. */
  static final int CHUNK = 1 << 18;

  private static final int ALIGNMENT = 256;

  private final GraphicsCard card;
  private final CardMemoryPool pool;
  private final List<Block> blocks = new ArrayList<>();
  private final long order;
  private int turn;

  /** Whether the block whose turn it is holds something for a job that was not played yet. */
  private boolean open;

  StagingBuffers(GraphicsCard card, CardMemoryPool pool) {
    this.card = card;
    this.pool = pool;
    order = card.createEvent();
    for (int i = 0; i < BLOCKS; i++) {
      blocks.add(new Block(card.createEvent()));
    }
  }

  /** The same bytes here and on the card. */
  private record Chunk(GraphicsCard.Pinned here, long there) {}

  /** What one job is given. */
  private final class Block {
    private final long played;
    private final List<Chunk> chunks = new ArrayList<>();
    private boolean busy;
    private int chunk;
    private int used;

    private Block(long played) {
      this.played = played;
    }

    private void clear() {
      if (busy) {
        card.awaitEvent(played);
        busy = false;
      }
      chunk = 0;
      used = 0;
    }

    private long put(int bytes, Consumer<ByteBuffer> fill) {
      while (chunk < chunks.size() && used + bytes > chunks.get(chunk).here().capacity()) {
        send();
        chunk++;
        used = 0;
      }
      if (chunk == chunks.size()) {
        chunks.add(chunk(Math.max(CHUNK, bytes)));
      }
      Chunk to = chunks.get(chunk);
      fill.accept(to.here().buffer().slice(used, bytes).order(ByteOrder.nativeOrder()));
      long address = to.there() + used;
      used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
      return address;
    }

    private Chunk chunk(int bytes) {
      Chunk made = new Chunk(card.allocatePinned(bytes), pool.allocate(bytes));
      // It may still have to become zeros.
      card.recordEvent(Stream.COMPUTE, order);
      card.waitForEvent(Stream.UPLOAD, order);
      return made;
    }

    /** Copies the chunk to the card that was filled last. */
    private void send() {
      if (used > 0) {
        Chunk full = chunks.get(chunk);
        int bytes = Math.min(used, full.here().capacity());
        card.upload(Stream.UPLOAD, full.here().address(), full.there(), bytes);
      }
    }
  }

  /**
   * Takes bytes for the next job.
   *
   * @param fill writes them
   * @return where they will be on the card for the job
   */
  long stage(int bytes, Consumer<ByteBuffer> fill) {
    Block block = blocks.get(turn);
    if (!open) {
      block.clear();
      open = true;
    }
    return block.put(bytes, fill);
  }

  /** Has a job done with what was staged for it. */
  void submit(Runnable job) {
    if (!open) {
      job.run();
      return;
    }
    Block block = blocks.get(turn);
    open = false;
    turn = (turn + 1) % BLOCKS;
    block.send();
    card.recordEvent(Stream.UPLOAD, order);
    card.waitForEvent(Stream.COMPUTE, order);
    job.run();
    card.recordEvent(Stream.COMPUTE, block.played);
    block.busy = true;
  }

  /** Forgets what was staged for a job that will not be played. */
  void discard() {
    open = false;
  }

  /** All jobs are done. */
  void allDone() {
    blocks.forEach(b -> b.busy = false);
    if (!open) {
      turn = 0;
    }
  }
}
