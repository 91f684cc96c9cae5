package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The texts that one lane is generating. */
final class GenerationLane {
  private final KvCacheDecoder decoder;
  private final Device device;
  private final int vocabulary;
  private final int context;
  private final TokenSampler sampler;
  private final float[] logits;
  private final @Nullable ActiveText[] slots;
  private final int[] tokens;
  private final int[] places;
  private final int[] last;
  private final int[] slotOfLast;
  private int active;
  private int rows;
  private int wanted;
  private boolean diverged;

  GenerationLane(
      KvCacheDecoder decoder,
      GenerationBuffers buffers,
      int context,
      int vocabulary,
      Device device) {
    this.decoder = decoder;
    this.device = device;
    this.vocabulary = vocabulary;
    this.context = context;
    sampler = new TokenSampler(vocabulary);
    logits = new float[buffers.slots * vocabulary];
    slots = new ActiveText[buffers.slots];
    tokens = new int[buffers.rows];
    places = new int[buffers.rows];
    last = new int[buffers.slots];
    slotOfLast = new int[buffers.slots];
  }

  private static final class ActiveText {
    private final Text text;
    private final int[] ids;
    private final int prompt;
    private int known;
    private int processed;
    private boolean ended;

    ActiveText(Text text, int context) {
      this.text = text;
      prompt = text.prompt().length;
      // One more token can be generated for a text that has reached the context length.
      long end = Math.min(context + 1L, (long) prompt + text.settings().maxTokens());
      ids = Arrays.copyOf(text.prompt(), (int) end);
      known = prompt;
    }

    /** Returns the number of tokens that are known but have not been processed by the decoder. */
    int pending() {
      return ended ? 0 : known - processed;
    }

    void add(int token) {
      if (token == text.settings().endOfText()) {
        ended = true;
      } else {
        ids[known++] = token;
        ended = known == ids.length;
      }
    }
  }

  void clear() {
    Arrays.fill(slots, null);
    active = 0;
    wanted = 0;
    diverged = false;
  }

  int active() {
    return active;
  }

  boolean full() {
    return active == slots.length;
  }

  void add(Text text) {
    int free = 0;
    while (slots[free] != null) {
      free++;
    }
    slots[free] = new ActiveText(text, context);
    active++;
  }

  /** Samples the next token of each text that is ready, and then processes new tokens. */
  void round() {
    sample();
    if (!diverged) {
      step();
    }
  }

  /** Processes all sampled tokens, and then as many prompt tokens as fit in a round. */
  private void step() {
    rows = 0;
    wanted = 0;
    for (int slot = 0; slot < slots.length; slot++) {
      ActiveText text = slots[slot];
      if (text != null && text.pending() == 1) {
        take(text, slot);
      }
    }
    for (int slot = 0; slot < slots.length; slot++) {
      ActiveText text = slots[slot];
      if (text != null && text.pending() > 0) {
        take(text, slot);
      }
    }
    if (rows > 0) {
      decoder.step(tokens, places, rows, last, wanted);
    }
  }

  private void take(ActiveText text, int slot) {
    int n = Math.min(text.pending(), tokens.length - rows);
    for (int i = 0; i < n; i++) {
      tokens[rows] = text.ids[text.processed];
      places[rows++] = slot * context + text.processed++;
    }
    if (n > 0 && text.pending() == 0) {
      last[wanted] = rows - 1;
      slotOfLast[wanted++] = slot;
    }
  }

  private void sample() {
    if (wanted == 0) {
      return;
    }
    device.read(decoder.logits(), logits, wanted * vocabulary);
    for (int i = 0; i < wanted; i++) {
      ActiveText text = slots[slotOfLast[i]];
      int token = sampler.sample(logits, i * vocabulary, text.text.settings(), text.known);
      if (token < 0) {
        diverged = true;
        return;
      }
      text.add(token);
    }
  }

  boolean diverged() {
    return diverged;
  }

  void deliverFinished() {
    for (int slot = 0; slot < slots.length; slot++) {
      ActiveText text = slots[slot];
      if (text != null && text.ended) {
        slots[slot] = null;
        active--;
        text.text.written(Arrays.copyOfRange(text.ids, text.prompt, text.known));
      }
    }
  }
}
