package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobClaimsTest {
  private static final long LEASE = 50_000_000;
  private static final Duration SHORT = Duration.ofNanos(LEASE);

  @TempDir Path directory;
  private LabStore store;

  @BeforeEach
  void open() {
    store = LabStore.open(directory, new QuickDisk());
  }

  @Test
  void aJobIsClaimedByOneProcessUntilReleased() {
    try (JobClaims here = new JobClaims(store, Duration.ofMinutes(1));
        JobClaims there = new JobClaims(store, Duration.ofMinutes(1))) {
      JobClaims.Claim claim = here.claim("job", "a job", false, () -> false).orElseThrow();
      assertThat(there.claim("job", "a job", false, () -> false)).isEmpty();
      assertThat(here.claim("job", "a job", false, () -> false)).isEmpty();
      assertThat(there.claim("other", "another job", false, () -> false)).isPresent();
      claim.close();
      Optional<JobClaims.Claim> next = Optional.empty();
      while (next.isEmpty()) { // the list of claims may be older than the release
        next = there.claim("job", "a job", false, () -> false);
      }
    }
    assertThat(directory.resolve("claims")).isEmptyDirectory();
  }

  @Test
  void onlyOneOfManyThreadsGetsAClaim() throws InterruptedException {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger done = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      threads.add(
          new Thread(
              () -> {
                try (JobClaims claims = new JobClaims(store, Duration.ofMinutes(1))) {
                  for (int n = 0; n < 25; ) {
                    Optional<JobClaims.Claim> claim =
                        claims.claim("job", "a job", false, () -> false);
                    if (claim.isPresent()) {
                      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                      inside.decrementAndGet();
                      claim.get().close();
                      done.incrementAndGet();
                      n++;
                    }
                  }
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(most).hasValue(1);
    assertThat(done).hasValue(100);
  }

  /** A claim ends at once if its process no longer runs on this machine. */
  @Test
  void aClaimOfADeadProcessExpiresAtOnce() {
    JobClaims.Claim claim =
        new JobClaims(store, Duration.ofMinutes(1))
            .claim("job", "a job", false, () -> false)
            .orElseThrow();
    String owner = new String(store.read("claims/job.0").orElseThrow(), StandardCharsets.UTF_8);
    String dead = owner.replaceAll("\"pid\":\\d+", "\"pid\":999999999");
    store.write("claims/job.0", dead.getBytes(StandardCharsets.UTF_8));

    try (JobClaims other = new JobClaims(store, Duration.ofMinutes(1))) {
      assertThat(other.claim("job", "a job", false, () -> false)).isPresent();
    }
    assertThat(claim.lost()).as("not known before the next heartbeat").isFalse();
  }

  /** A process may be killed between the creation of its claim and the writing of its content. */
  @Test
  void aClaimWithoutContentExpiresAndLeavesNothing() throws IOException {
    Files.createDirectories(directory.resolve("claims"));
    Files.createFile(directory.resolve("claims/job.0"));
    AtomicLong now = new AtomicLong();
    JobClaims claims = new JobClaims(store, SHORT, now::get, new Random(1));
    assertThat(claims.claim("job", "a job", false, () -> false)).as("first seen now").isEmpty();
    now.set(2 * LEASE);

    claims.claim("job", "a job", false, () -> false).orElseThrow().close();
    assertThat(directory.resolve("claims")).isEmptyDirectory();
  }

  /**
   * A process that is killed would leave its temporary file, and nobody might claim the job again.
   */
  @Test
  void aClaimIsWrittenWithoutATemporaryFile() throws IOException {
    Disk disk =
        new Disk() {
          @Override
          public boolean reserve(Path file, byte[] bytes) throws IOException {
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            throw new IOException("killed");
          }
        };
    JobClaims claims =
        new JobClaims(new LabStore(directory, disk), SHORT, new AtomicLong()::get, new Random(1));
    assertThatThrownBy(() -> claims.claim("job", "a job", false, () -> false))
        .hasMessageContaining("killed");
    assertThat(directory.resolve("claims").toFile().list()).containsExactly("job.0");
  }

  /** In an object store, a late heartbeat may create the deleted file of its claim again. */
  @Test
  void aHeartbeatThatCreatesItsFileAgainNoticesTheNewOwner() {
    AtomicLong now = new AtomicLong();
    JobClaims there = new JobClaims(store, SHORT, now::get, new Random(1));
    LabStore objects =
        new LabStore(directory, new QuickDisk()) {
          @Override
          boolean overwrite(String file, byte[] content) {
            assertThat(there.claim("job", "a job", false, () -> false)).isPresent();
            write(file, content);
            return true;
          }
        };
    JobClaims.Claim claim =
        new JobClaims(objects, SHORT, now::get, new Random(1))
            .claim("job", "a job", false, () -> false)
            .orElseThrow();
    assertThat(there.claim("job", "a job", false, () -> false)).as("first seen now").isEmpty();
    now.set(2 * LEASE);

    assertThat(claim.lost()).isTrue();
  }

  /** A claim of another machine ends if its heartbeat does not change during a lease. */
  @Test
  void aHeartbeatThatStandsStillForALeaseLosesTheJob() {
    foreign(0);
    try (JobClaims claims = new JobClaims(store, SHORT)) {
      assertThat(claims.claim("job", "a job", false, () -> false)).as("first seen now").isEmpty();
      long start = System.nanoTime();
      Optional<JobClaims.Claim> claim = Optional.empty();
      for (int beat = 1; System.nanoTime() - start < 3 * LEASE; beat++) {
        foreign(beat);
        claim = claims.claim("job", "a job", false, () -> false);
        assertThat(claim).as("it beats").isEmpty();
      }
      while (claim.isEmpty()) {
        claim = claims.claim("job", "a job", false, () -> false);
      }
      assertThat(System.nanoTime() - start).isGreaterThan(4 * LEASE);
      assertThat(store.list("claims")).containsExactly("job.1");
    }
  }

  /** Two processes, of which the first claims jobs and the second watches them. */
  @Test
  void aLateJobHasAShorterLease() {
    long second = 1_000_000_000;
    Duration minute = Duration.ofMinutes(1);
    AtomicLong now = new AtomicLong();
    JobClaims owner = new JobClaims(store, minute, now::get, new Random(1));
    JobClaims other = new JobClaims(store, minute, now::get, new Random(1));
    assertThat(owner.claim("early", "a job", false, () -> false)).isPresent();
    assertThat(owner.claim("late", "a job", true, () -> false)).isPresent();

    for (int beats = 0; beats < 50; beats++) { // the owner lives
      now.addAndGet(20 * second / 3);
      owner.beatAll();
      assertThat(other.claim("early", "a job", false, () -> false)).isEmpty();
      assertThat(other.claim("late", "a job", true, () -> false)).isEmpty();
    }
    assertThat(heartbeat("early")).as("three per minute").isBetween(15L, 17L);
    assertThat(heartbeat("late")).isEqualTo(50);

    int seconds = 0; // the owner is dead
    for (String job : List.of("late", "early")) {
      while (other.claim(job, "a job", true, () -> false).isEmpty()) {
        now.addAndGet(second);
        seconds++;
      }
      assertThat(seconds).isBetween(job.equals("late") ? 20 : 60, job.equals("late") ? 41 : 121);
    }
  }

  private long heartbeat(String job) {
    return JobClaims.Owner.read(store, "claims/" + job + ".0").orElseThrow().heartbeat();
  }

  private void foreign(int heartbeat) {
    String owner =
        "{\"machine\":\"elsewhere\",\"pid\":1,\"started\":\"\",\"id\":\"x\",\"title\":\"a job\",\"since\":\"\",\"beat\":\"\",\"heartbeat\":"
            + heartbeat
            + ",\"lease_millis\":50}";
    store.write("claims/job.0", owner.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void anOwnerNoticesTheLossAtItsNextHeartbeat() {
    try (JobClaims claims = new JobClaims(store, SHORT)) {
      JobClaims.Claim claim = claims.claim("job", "a job", false, () -> false).orElseThrow();
      // Another worker takes over the job in this way.
      store.create("claims/job.1", "{}".getBytes(StandardCharsets.UTF_8));
      store.delete("claims/job.0");
      while (!claim.lost()) {
        Thread.onSpinWait();
      }
    }
    assertThat(store.list("claims")).as("not its own any more").containsExactly("job.1");
  }

  @Test
  void aSuspendedOwnerNoticesTheLossBeforeItContinues() {
    AtomicLong now = new AtomicLong();
    JobClaims claims = new JobClaims(store, SHORT, now::get, new Random(1));
    JobClaims.Claim kept = claims.claim("kept", "a job", false, () -> false).orElseThrow();
    JobClaims.Claim taken = claims.claim("taken", "a job", false, () -> false).orElseThrow();

    store.create("claims/taken.1", "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(taken.lost()).as("half a lease has not passed").isFalse();
    now.addAndGet(LEASE / 2 + 1);
    assertThat(kept.lost()).isFalse();
    assertThat(taken.lost()).isTrue();
    taken.close();
    kept.close();
    assertThat(store.list("claims")).containsExactly("taken.0", "taken.1");
  }

  @Test
  void filesThatAreNoClaimsAreIgnored() {
    store.write("claims/job.old", new byte[0]);
    store.write("claims/notes", new byte[0]);
    try (JobClaims claims = new JobClaims(store, SHORT)) {
      assertThat(claims.claim("job", "a job", false, () -> false)).isPresent();
    }
  }

  @Test
  void anEndedJobIsNotClaimed() {
    try (JobClaims claims = new JobClaims(store, SHORT)) {
      assertThat(claims.claim("job", "a job", false, () -> true)).isEmpty();
    }
    assertThat(store.list("claims")).isEmpty();
  }

  @Test
  void aClaimThatCannotBeReadExpiresToo() {
    store.write("claims/job.0", new byte[] {1, 2, 3});
    try (JobClaims claims = new JobClaims(store, SHORT)) {
      Optional<JobClaims.Claim> claim = claims.claim("job", "a job", false, () -> false);
      assertThat(claim).isEmpty();
      while (claim.isEmpty()) {
        claim = claims.claim("job", "a job", false, () -> false);
      }
    }
  }
}
