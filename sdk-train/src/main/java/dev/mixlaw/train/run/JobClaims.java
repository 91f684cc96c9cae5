package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claims on jobs, which ensure that only one worker at a time executes a job. Several threads,
 * processes and hosts may share a lab. File locks are not needed.
 *
 * <p>A claim is a file {@code claims/JOB.N}. Only one process can create the file. The owner
 * regularly rewrites it with an increasing number, the heartbeat. A claim expires if the observing
 * process sees no change of the heartbeat for the duration of a lease. A claim also expires if its
 * owner ran on the same machine as the observing process and has ended. The process that then
 * creates {@code JOB.N+1} is the new owner. The former owner notices this at its next heartbeat and
 * discards its results (see {@link Claim#lost}).
 */
final class JobClaims implements AutoCloseable {
  private static final String FOLDER = "claims";
  private static final long LEASE_NANOS = 60_000_000_000L;

  private record Owner(String machine, long pid, String started, String id, long heartbeat) {}

  /** The time at which a claim of another process was last seen to change. */
  private record Sighting(String id, long heartbeat, long nanos) {}

  private final LabStore store;
  private final long leaseNanos;
  private final Map<String, Sighting> seen = new HashMap<>();
  private final List<Claim> held = new ArrayList<>();
  private @Nullable Thread heart;

  JobClaims(LabStore store) {
    this(store, LEASE_NANOS);
  }

  JobClaims(LabStore store, long leaseNanos) {
    this.store = store;
    this.leaseNanos = leaseNanos;
  }

  /** Thrown in a worker if another worker has taken over its job. */
  static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LostException() {
      super("another worker has taken over the job", null, false, false);
    }
  }

  /** A claim that this process holds on a job. */
  final class Claim implements AutoCloseable {
    private final String job;
    private final int generation;
    private final String id = UUID.randomUUID().toString();
    private long heartbeat;
    private volatile boolean lost;

    private Claim(String job, int generation) {
      this.job = job;
      this.generation = generation;
    }

    private String file() {
      return JobClaims.file(job, generation);
    }

    boolean lost() {
      return lost;
    }

    private void beat() {
      Optional<Owner> now = owner(file());
      boolean mine = now.isPresent() && now.get().id().equals(id);
      if (!mine || newest(job) > generation) {
        lost = true;
        return;
      }
      heartbeat++;
      store.write(file(), content(this));
    }

    @Override
    public void close() {
      synchronized (JobClaims.this) {
        held.remove(this);
        if (!lost) {
          store.delete(file());
        }
      }
    }
  }

  /** Claims a job. Returns empty if another worker owns a claim on the job. */
  synchronized Optional<Claim> claim(String job) {
    int newest = newest(job);
    if (newest >= 0 && !expired(job, newest)) {
      return Optional.empty();
    }
    Claim claim = new Claim(job, newest + 1);
    if (!store.create(claim.file(), content(claim))) {
      return Optional.empty();
    }
    for (int old = newest; old >= 0; old--) {
      store.delete(file(job, old));
    }
    held.add(claim);
    startHeart();
    return Optional.of(claim);
  }

  private static String file(String job, int generation) {
    return FOLDER + "/" + job + "." + generation;
  }

  /** Returns the number {@code N} of the newest claim on a job, or -1 if there is no claim. */
  private int newest(String job) {
    int newest = -1;
    String prefix = job + ".";
    for (String name : store.list(FOLDER)) {
      if (name.startsWith(prefix)) {
        newest = Math.max(newest, Integer.parseInt(name.substring(prefix.length())));
      }
    }
    return newest;
  }

  private boolean expired(String job, int generation) {
    String name = file(job, generation);
    Optional<Owner> owner = owner(name);
    if (owner.isPresent() && ended(owner.get())) {
      return true;
    }
    String id = owner.map(Owner::id).orElse("");
    long heartbeat = owner.map(Owner::heartbeat).orElse(-1L);
    long now = System.nanoTime();
    Sighting last = seen.get(name);
    if (last == null || !last.id().equals(id) || last.heartbeat() != heartbeat) {
      seen.put(name, new Sighting(id, heartbeat, now));
      return false;
    }
    return now - last.nanos() > leaseNanos;
  }

  /** Returns whether the owner of a claim is known to have ended. */
  private static boolean ended(Owner owner) {
    return owner.machine().equals(Me.MACHINE)
        && ProcessHandle.of(owner.pid()).filter(p -> started(p).equals(owner.started())).isEmpty();
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private Optional<Owner> owner(String name) {
    Optional<byte[]> json = store.read(name);
    try {
      return json.isPresent()
          ? Optional.of(JsonRecords.read(json.get(), Owner.class))
          : Optional.empty();
    } catch (IOException damaged) {
      return Optional.empty();
    }
  }

  private static byte[] content(Claim claim) {
    try {
      return JsonRecords.compact(
          new Owner(Me.MACHINE, Me.PID, Me.STARTED, claim.id, claim.heartbeat));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void startHeart() {
    if (heart == null) {
      Thread thread = new Thread(this::beat, "mixlaw-claims");
      thread.setDaemon(true);
      thread.start();
      heart = thread;
    }
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(Math.max(1, leaseNanos / 6 / 1_000_000));
        List<Claim> now;
        synchronized (this) {
          now = List.copyOf(held);
        }
        for (Claim claim : now) {
          synchronized (this) {
            if (held.contains(claim)) {
              beatQuietly(claim);
            }
          }
        }
      }
    } catch (InterruptedException closed) {
      // The lab is closed.
    }
  }

  private static void beatQuietly(Claim claim) {
    try {
      claim.beat();
    } catch (RuntimeException e) {
      // If the disk fails for longer than a lease, the claim is lost. The job reports the failure.
      System.getLogger("dev.mixlaw.train")
          .log(System.Logger.Level.WARNING, "cannot write the heartbeat of a job", e);
    }
  }

  /** Stops the heartbeat and releases all claims that are still held. */
  @Override
  public void close() {
    Thread thread;
    List<Claim> left;
    synchronized (this) {
      thread = heart;
      heart = null;
      left = List.copyOf(held);
    }
    left.forEach(Claim::close);
    if (thread != null) {
      thread.interrupt();
      Threads.join(List.of(thread));
    }
  }

  private static final class Me {
    private static final List<String> MACHINE_FILES =
        List.of(
            "/proc/sys/kernel/hostname", "/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid");
    static final long PID = ProcessHandle.current().pid();
    static final String STARTED = started(ProcessHandle.current());
    static final String MACHINE = machine();

    private Me() {}

    /** Returns a name for this machine or container. Process IDs are unique within it. */
    private static String machine() {
      StringBuilder name = new StringBuilder();
      for (String file : MACHINE_FILES) {
        Path path = Path.of(file);
        try {
          String content =
              Files.isSymbolicLink(path)
                  ? Files.readSymbolicLink(path).toString()
                  : Files.readString(path).strip();
          name.append(name.isEmpty() ? "" : " ").append(content);
        } catch (IOException | UnsupportedOperationException notLinux) {
          // If this file cannot be read, the next one may be readable.
        }
      }
      if (name.isEmpty()) {
        try {
          name.append(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
          name.append(UUID.randomUUID()); // such claims expire only when their lease ends
        }
      }
      return name.toString();
    }
  }
}
