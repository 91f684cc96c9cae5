package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.units.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackgroundStudyTest {
  private final List<StudyEvent> heard = Collections.synchronizedList(new ArrayList<>());

  private static StudyEvent warned(int number) {
    return new StudyEvent.Warned(Integer.toString(number));
  }

  private static StudyEvent stepped(long step) {
    return new StudyEvent.Stepped(
        new dev.mixlaw.api.results.RunKey("m", "n", new Tokens(9), 0),
        step,
        9000,
        1,
        1,
        1,
        1,
        step,
        9000);
  }

  @Test
  void eventsComeInOrderAndBeforeTheResult() {
    List<StudyEvent> sent = IntStream.range(0, 5000).mapToObj(i -> warned(i)).toList();

    String result =
        new BackgroundTask<String>(
                "test",
                List.of(heard::add),
                listener -> {
                  sent.forEach(listener::on);
                  return "done";
                })
            .await();

    assertThat(result).isEqualTo("done");
    assertThat(heard).isEqualTo(sent);
  }

  @Test
  void aFailingListenerDisturbsNeitherTheStudyNorOtherListeners() {
    StudyListener failing =
        event -> {
          throw new IllegalStateException("broken");
        };

    new BackgroundTask<String>(
            "test",
            List.of(failing, heard::add),
            listener -> {
              listener.on(warned(1));
              listener.on(warned(2));
              return "done";
            })
        .await();

    assertThat(heard).containsExactly(warned(1), warned(2));
  }

  @Test
  void aBlockedListenerDelaysNothingAndIsAbandoned() {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    EventQueue queue =
        new EventQueue(
            List.of(
                event -> {
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    interrupted.set(true);
                  }
                }),
            20);
    for (int i = 0; i < 100_000; i++) {
      queue.on(stepped(i));
    }

    queue.close();

    while (!interrupted.get()) {
      Thread.onSpinWait();
    }
    queue.on(warned(1)); // after the end, without effect
  }

  @Test
  void anInterruptOfWhoeverClosesTheQueueLosesNoEvent() {
    Thread closing = Thread.currentThread();
    EventQueue queue =
        new EventQueue(
            List.of(
                event -> {
                  while (closing.getState() != Thread.State.TIMED_WAITING
                      && !Thread.currentThread().isInterrupted()) {
                    Thread.onSpinWait();
                  }
                  heard.add(event);
                }),
            60_000);
    queue.on(warned(1));
    queue.on(warned(2));

    closing.interrupt();
    queue.close();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(heard).containsExactly(warned(1), warned(2));
  }

  @Test
  void stepsAreDroppedWhileManyEventsWaitAndEndsNever() {
    CountDownLatch all = new CountDownLatch(1);
    EventQueue queue =
        new EventQueue(
            List.of(
                event -> {
                  try {
                    all.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  heard.add(event);
                }),
            60_000);
    for (int i = 0; i < 5000; i++) {
      queue.on(stepped(i));
      if (i % 10 == 0) {
        queue.on(warned(i));
      }
    }
    all.countDown();
    queue.close();

    assertThat(heard).filteredOn(StudyEvent.Warned.class::isInstance).hasSize(500);
    assertThat(heard)
        .filteredOn(StudyEvent.Stepped.class::isInstance)
        .hasSizeBetween(900, 1001)
        .first()
        .isEqualTo(stepped(0));
  }

  @Test
  void cancelStopsTheWorkAndAwaitSaysSo() {
    CountDownLatch begun = new CountDownLatch(1);
    BackgroundTask<String> task = endless(begun);
    await(begun);

    task.cancel();

    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
    assertThat(task.isDone()).isTrue();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void anInterruptOfWhoeverWaitsCancelsTheWork() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicBoolean stillInterrupted = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              try {
                endless(begun).await();
              } catch (CancellationException e) {
                thrown.set(e);
                stillInterrupted.set(Thread.currentThread().isInterrupted());
              }
            });
    caller.start();
    await(begun);

    caller.interrupt();
    caller.join();

    assertThat(thrown.get()).isInstanceOf(CancellationException.class);
    assertThat(stillInterrupted).isTrue();
  }

  @Test
  void failuresAreThrownAsTheyAre() {
    IllegalStateException own = new IllegalStateException("own");

    assertThatThrownBy(
            () ->
                new BackgroundTask<String>(
                        "test",
                        List.of(),
                        listener -> {
                          throw own;
                        })
                    .await())
        .isSameAs(own);
  }

  private static BackgroundTask<String> endless(CountDownLatch begun) {
    return new BackgroundTask<>(
        "test",
        List.of(),
        listener -> {
          begun.countDown();
          while (true) {
            dev.mixlaw.api.internal.Interrupts.check();
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFileThatCancellingHasClosedIsNoFailure(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("text"), "text");
    CountDownLatch started = new CountDownLatch(1);
    BackgroundTask<Long> task =
        new BackgroundTask<>(
            "test",
            List.of(),
            listener -> {
              started.countDown();
              try (FileChannel channel = FileChannel.open(file)) {
                while (true) {
                  channel.size();
                }
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    started.await();

    task.cancel();

    assertThatThrownBy(task::await).isInstanceOf(CancellationException.class);
  }
}
