package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.cuda.NvidiaCard.Stream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Uploads the input of jobs to the GPU. The input of a job is collected in page-locked memory and
 * copied in one transfer, while earlier jobs are still running.
 *
 * <p>Jobs with input use the blocks of memory in turn. A block is reused when its job has finished.
 * After the GPU has been idle, the sequence starts again at the first block. The same sequence of
 * jobs therefore finds its input at the same addresses, which is a condition for launching a
 * captured graph.
 */
final class StagingBuffers {
  /** Maximum number of jobs in flight: two steps with two jobs each. */
  static final int BLOCKS = 4;

  static final int CHUNK = 1 << 18;

  private static final int ALIGNMENT = 256;

  private final NvidiaCard card;
  private final CardMemoryPool pool;
  private final List<Block> blocks = new ArrayList<>();
  private final long order;
  private int turn;

  /** Whether the current block holds input for a job that has not been submitted. */
  private boolean open;

  StagingBuffers(NvidiaCard card, CardMemoryPool pool) {
    this.card = card;
    this.pool = pool;
    order = card.createEvent();
    for (int i = 0; i < BLOCKS; i++) {
      blocks.add(new Block(card.createEvent()));
    }
  }

  private record Chunk(NvidiaCard.Pinned here, long there) {}

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
      // The GPU may still be initializing this memory to zero.
      card.recordEvent(Stream.COMPUTE, order);
      card.waitForEvent(Stream.UPLOAD, order);
      return made;
    }

    private void send() {
      if (used > 0) {
        Chunk full = chunks.get(chunk);
        int bytes = Math.min(used, full.here().capacity());
        card.upload(Stream.UPLOAD, full.here().address(), full.there(), bytes);
      }
    }
  }

  /**
   * Copies input for the next job to page-locked memory. Returns the address on the GPU at which
   * the job finds the input.
   */
  long stage(int bytes, Consumer<ByteBuffer> fill) {
    Block block = blocks.get(turn);
    if (!open) {
      block.clear();
      open = true;
    }
    return block.put(bytes, fill);
  }

  /** Runs a job after its input has arrived on the GPU. */
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

  void discard() {
    open = false;
  }

  /** Marks all jobs as finished, so that their blocks can be reused. */
  void allDone() {
    blocks.forEach(b -> b.busy = false);
    if (!open) {
      turn = 0;
    }
  }
}
