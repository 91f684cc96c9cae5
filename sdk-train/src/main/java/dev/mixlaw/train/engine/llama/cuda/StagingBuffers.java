package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.cuda.NvidiaCard.Stream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Uploads the input of jobs. A job's input is collected in page-locked memory and copied to the
 * card in one transfer, while earlier jobs are still running.
 *
 * <p>Each job that stages input gets the next block of memory in turn. A block is reused when its
 * job is done. After the card has been idle, the first block is used again. Equal work then finds
 * its input at the same address, as a captured graph requires.
 */
final class StagingBuffers {
  /**
   * Maximum number of jobs in flight. A training step stages input for two jobs, and two steps may
   * be in flight.
   */
  static final int BLOCKS = 4;

  /** Minimum size of a chunk in bytes. */
  static final int CHUNK = 1 << 18;

  private static final int ALIGNMENT = 256;

  private final NvidiaCard card;
  private final CardMemoryPool pool;
  private final List<Block> blocks = new ArrayList<>();
  private final long order;
  private int turn;

  /** Whether the current block holds input of a job that has not been submitted. */
  private boolean open;

  StagingBuffers(NvidiaCard card, CardMemoryPool pool) {
    this.card = card;
    this.pool = pool;
    order = card.createEvent();
    for (int i = 0; i < BLOCKS; i++) {
      blocks.add(new Block(card.createEvent()));
    }
  }

  /** The memory of a chunk on the host and on the card. */
  private record Chunk(NvidiaCard.Pinned here, long there) {}

  /** The input of one job. */
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
      // The card may still be zeroing this memory.
      card.recordEvent(Stream.COMPUTE, order);
      card.waitForEvent(Stream.UPLOAD, order);
      return made;
    }

    /** Copies the chunk that was filled last to the card. */
    private void send() {
      if (used > 0) {
        Chunk full = chunks.get(chunk);
        int bytes = Math.min(used, full.here().capacity());
        card.upload(Stream.UPLOAD, full.here().address(), full.there(), bytes);
      }
    }
  }

  /**
   * Stages input for the next job.
   *
   * @param fill writes the input
   * @return the address on the card where the job finds it
   */
  long stage(int bytes, Consumer<ByteBuffer> fill) {
    Block block = blocks.get(turn);
    if (!open) {
      block.clear();
      open = true;
    }
    return block.put(bytes, fill);
  }

  /** Runs a job after its input has arrived on the card. */
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

  /** Discards the input of a job that will not be submitted. */
  void discard() {
    open = false;
  }

  /** Marks all jobs as done. */
  void allDone() {
    blocks.forEach(b -> b.busy = false);
    if (!open) {
      turn = 0;
    }
  }
}
