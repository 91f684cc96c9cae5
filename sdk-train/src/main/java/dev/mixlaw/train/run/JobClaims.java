package dev.mixlaw.train.run;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Claims on jobs, which ensure that only one worker at a time executes a job. Several threads,
 * processes and hosts may share a lab. File locks are not needed.
 *
 * <p>A claim is a file {@code claims/JOB.N}. Only one process can create the file. Three times per
 * lease, the owner overwrites it with an increasing number, the heartbeat. A claim expires if the
 * observing process sees no change of the heartbeat for the duration of the claim's lease, measured
 * with its own clock. Jobs that start late have a shorter lease, because no other job is left for
 * the workers that wait until they expire. A claim also expires if its owner ran on the same
 * machine as the observing process and has ended. The process that then creates {@code JOB.N+1} is
 * the new owner, and deletes the file of the former owner.
 *
 * <p>The former owner notices this when it cannot overwrite its file. An owner that has not written
 * a heartbeat for half a lease, for example because its process was stopped, first checks whether
 * it still owns the job. See {@link Claim#lost}.
 */
final class JobClaims implements AutoCloseable {
  static final String FOLDER = "claims";

  /** Name of a claim. Other files in the folder, such as copies by a backup, are ignored. */
  private static final Pattern CLAIM = Pattern.compile("(.+)\\.(\\d{1,9})");

  private static final int CLAIMS_READ = 2;

  /** The shortest lease of a late job in nanoseconds, unless all leases are shorter. */
  private static final long SHORTEST_LATE_LEASE = 15_000_000_000L;

  private static final System.Logger LOGGER = System.getLogger("dev.mixlaw.train");

  /**
   * The owner of a claim.
   *
   * @param machine name of the machine, within which process IDs are unique
   * @param title description of the job
   * @param since time at which the job was claimed, by the clock of the owner
   * @param beat time of the last heartbeat, by the clock of the owner
   * @param leaseMillis lease of the claim in milliseconds
   */
  record Owner(
      String machine,
      long pid,
      String started,
      String id,
      String title,
      String since,
      String beat,
      long heartbeat,
      long leaseMillis) {
    @Override
    public String toString() {
      String host = machine.split(" ", 2)[0];
      return "%s: %s process %d, since %s, last heartbeat %s"
          .formatted(title, host, pid, since, beat);
    }

    /** Reads a claim. Returns empty if it is missing or is being written. */
    static Optional<Owner> read(LabStore store, String file) {
      try {
        Optional<byte[]> json = store.read(file);
        return json.isPresent()
            ? Optional.of(JsonRecords.read(json.get(), Owner.class))
            : Optional.empty();
      } catch (IOException incomplete) {
        return Optional.empty();
      }
    }
  }

  /** The time at which a claim of another process was last seen to change. */
  private record Sighting(Optional<Owner> owner, long nanos) {
    boolean isOver(long now, long lease) {
      return now - nanos > owner.map(o -> o.leaseMillis() * 1_000_000).orElse(lease);
    }
  }

  private final LabStore store;
  private final long lease;
  private final long lateLease;
  private final long fresh;
  private final LongSupplier nanos;
  private final Random random;
  private final Map<String, Sighting> seen = new HashMap<>();
  private final List<Claim> held = new ArrayList<>();
  private long granted;
  private Map<String, TreeSet<Integer>> listed = new HashMap<>();
  private long listedAt;
  private @Nullable Thread heart;

  JobClaims(LabStore store, Duration lease) {
    this(store, lease, System::nanoTime, new Random());
    Thread thread = new Thread(this::beat, "mixlaw-claims");
    thread.setDaemon(true);
    heart = thread;
    thread.start();
  }

  /** Creates claims whose heartbeats the caller writes with {@link #beatAll}. */
  JobClaims(LabStore store, Duration lease, LongSupplier nanos, Random random) {
    this.random = random;
    this.store = store;
    this.lease = lease.toNanos();
    this.lateLease = Math.min(this.lease, Math.max(this.lease / 3, SHORTEST_LATE_LEASE));
    this.nanos = nanos;
    this.fresh = fresh(lease);
    this.listedAt = nanos.getAsLong() - fresh - 1;
  }

  /**
   * Returns the time in nanoseconds for which a list of claims or of ended jobs is considered to be
   * up to date.
   */
  static long fresh(Duration lease) {
    return lease.toNanos() / 60;
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
    private final String title;
    private final long ownLease;
    private final String id = UUID.randomUUID().toString();
    private final String since = Instant.now().toString();
    private volatile long beatAt = nanos.getAsLong();
    private long heartbeat;
    private volatile boolean lost;

    private Claim(String job, int generation, String title, long ownLease) {
      this.job = job;
      this.generation = generation;
      this.title = title;
      this.ownLease = ownLease;
    }

    private String file() {
      return FOLDER + "/" + job + "." + generation;
    }

    /** Returns whether another worker has taken over the job. */
    boolean lost() {
      if (!lost && mayHaveExpired()) {
        synchronized (JobClaims.this) {
          if (mayHaveExpired()) {
            beatQuietly();
          }
        }
      }
      return lost;
    }

    /** Returns whether this process may have been suspended until the claim expired. */
    private boolean mayHaveExpired() {
      return nanos.getAsLong() - beatAt > ownLease / 2;
    }

    /** Returns whether it is time for a heartbeat, within half of the interval of the thread. */
    private boolean isDue() {
      return nanos.getAsLong() - beatAt > ownLease / 3 - lateLease / 6;
    }

    private void beatQuietly() {
      try {
        beat();
      } catch (RuntimeException e) {
        // If the disk fails for longer than a lease, the claim is lost. The job reports the
        // failure.
        lost |= nanos.getAsLong() - beatAt > ownLease;
        LOGGER.log(System.Logger.Level.WARNING, "cannot write the heartbeat of a job", e);
      }
    }

    private void beat() {
      long now = nanos.getAsLong();
      boolean doubtful = mayHaveExpired();
      lost |= doubtful && !isOwner();
      if (!lost) {
        heartbeat++;
        lost = !store.overwrite(file(), content());
        lost |=
            doubtful && !isOwner(); // In an object store, overwriting may have recreated the file.
        beatAt = now;
      }
    }

    private boolean isOwner() {
      list();
      return newest(job) == generation
          && Owner.read(store, file()).filter(o -> o.id().equals(id)).isPresent();
    }

    private byte[] content() {
      try {
        return JsonRecords.compact(
            new Owner(
                Me.MACHINE,
                Me.PID,
                Me.STARTED,
                id,
                title,
                since,
                Instant.now().toString(),
                heartbeat,
                ownLease / 1_000_000));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      boolean mine = !lost();
      synchronized (JobClaims.this) {
        held.remove(this);
        if (mine) {
          store.delete(file());
          listed.remove(job);
        }
      }
    }
  }

  /**
   * Claims a job. Returns empty if another worker owns a claim on the job, or if the job has ended.
   *
   * @param title description of the job, for users
   * @param late whether the job is one of the last that start
   * @param ended returns whether the job has ended; called only if no worker owns a claim on the
   *     job
   */
  synchronized Optional<Claim> claim(
      String job, String title, boolean late, BooleanSupplier ended) {
    if (nanos.getAsLong() - listedAt > fresh) {
      list();
    }
    int newest = newest(job);
    if (newest >= 0 && !expired(FOLDER + "/" + job + "." + newest)) {
      return Optional.empty();
    }
    if (ended.getAsBoolean()) {
      return Optional.empty();
    }
    Claim claim = new Claim(job, newest + 1, title, late ? lateLease : lease);
    boolean created = store.reserve(claim.file(), claim.content());
    list(); // Another process may have created a claim since the last listing.
    if (!created) {
      return Optional.empty();
    }
    if (newest(job) > claim.generation) {
      store.delete(claim.file());
      return Optional.empty();
    }
    // The list may be too old to contain the new claim.
    for (int old : listed.getOrDefault(job, new TreeSet<>()).headSet(claim.generation)) {
      store.delete(FOLDER + "/" + job + "." + old);
    }
    held.add(claim);
    granted++;
    return Optional.of(claim);
  }

  /** Returns the number of claims that have been granted to this process. */
  synchronized long granted() {
    return granted;
  }

  private void list() {
    listedAt = nanos.getAsLong();
    listed = new HashMap<>();
    List<String> names = store.list(FOLDER);
    seen.keySet().retainAll(names.stream().map(n -> FOLDER + "/" + n).collect(Collectors.toSet()));
    for (String name : names) {
      Matcher claim = CLAIM.matcher(name);
      if (claim.matches()) {
        listed
            .computeIfAbsent(claim.group(1), job -> new TreeSet<>())
            .add(Integer.parseInt(claim.group(2)));
      }
    }
  }

  /** Returns the number {@code N} of the newest claim on a job, or -1 if there is no claim. */
  private int newest(String job) {
    TreeSet<Integer> claims = listed.get(job);
    return claims == null ? -1 : claims.last();
  }

  /**
   * Returns whether a claim has expired. If this process has read the claim before, it reads the
   * claim again after a lease, or if the owner has ended on this machine. Of the claims that it has
   * not read yet, this process reads two on average each time it tries all jobs. These claims are
   * selected at random, so that processes read different claims and do not overload the store.
   */
  private boolean expired(String name) {
    Sighting last = seen.get(name);
    boolean leaseOver = last != null && last.isOver(nanos.getAsLong(), lease);
    boolean read =
        last == null
            ? random.nextInt(Math.max(1, listed.size() - seen.size())) < CLAIMS_READ
            : leaseOver || last.owner().filter(JobClaims::ended).isPresent();
    if (!read) {
      return false;
    }
    Optional<Owner> owner = Owner.read(store, name);
    if (owner.filter(JobClaims::ended).isPresent() || leaseOver && owner.equals(last.owner())) {
      return true;
    }
    seen.put(name, new Sighting(owner, nanos.getAsLong()));
    return false;
  }

  /** Returns whether the owner of a claim is known to have ended. */
  private static boolean ended(Owner owner) {
    return owner.machine().equals(Me.MACHINE)
        && ProcessHandle.of(owner.pid()).filter(p -> started(p).equals(owner.started())).isEmpty();
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  private void beat() {
    try {
      while (true) {
        Thread.sleep(Math.max(1, lateLease / 3 / 1_000_000));
        beatAll();
      }
    } catch (InterruptedException closed) {
      // Closing the claims interrupts this thread.
    }
  }

  /**
   * Writes the heartbeats that are due, of all claims that this process owns. Must be called three
   * times per lease of a late job.
   */
  void beatAll() {
    List<Claim> now;
    synchronized (this) {
      now = List.copyOf(held);
    }
    for (Claim claim : now) {
      synchronized (this) {
        if (held.contains(claim) && !claim.lost && claim.isDue()) {
          claim.beatQuietly();
        }
      }
    }
  }

  /** Stops the heartbeat and releases all claims that this process owns. */
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
          // A claim with such a name expires only when its lease ends.
          name.append(UUID.randomUUID());
        }
      }
      return name.toString();
    }
  }
}
