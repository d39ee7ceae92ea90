package block.bio.testing;

import block.bio.BioOp;
import block.bio.BlkStatus;
import block.bio.device.DeviceFaults;
import block.bio.direct.BlockMap;
import block.bio.direct.DirectIo;
import java.util.ArrayList;
import java.util.List;
import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.PageCache;
import mm.core.file.OpenFile;
import mm.core.file.RwFlag;
import mm.core.file.RwFlags;
import sim.kernel.CpuMask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.Task;
import sim.kernel.random.RandomStream;

/**
 * Tasks on all CPUs that make random calls on a few files, from a seed. What must hold afterwards
 * is checked by {@link FileFixture#verifyIdle} and the test's own checks.
 */
public final class FileSwarm {
  /** The property that names the only seed to run. */
  public static final String SEED_PROPERTY = "swarm.seed";

  private static final long RUN_NS_MAX = 120_000_000_000L;
  private static final int SECTOR_BYTES = 512;

  /**
   * A file to make calls on.
   *
   * @param directMap where direct I/O on it goes
   * @param sizeMaxBytes calls stay below it
   * @param truncates whether it may be cut
   */
  public record Target(
      AddressSpace mapping, BlockMap directMap, long sizeMaxBytes, boolean truncates) {}

  private final FileFixture io;
  private final PageCache cache;
  private final List<Target> targets;
  private final RandomStream random;
  private final List<Caller> callers = new ArrayList<>();
  private int calls;

  /** A swarm that has not begun. */
  public FileSwarm(FileFixture io, List<Target> targets, long seed) {
    this.io = io;
    this.targets = targets;
    cache = io.cache();
    random = new RandomStream(seed);
  }

  /** Seeds to run: {@code count} of them from 1, or the one that {@link #SEED_PROPERTY} names. */
  public static List<Long> seeds(int count) {
    String only = System.getProperty(SEED_PROPERTY);
    if (only != null) {
      return List.of(Long.parseLong(only));
    }
    List<Long> seeds = new ArrayList<>();
    for (long seed = 1; seed <= count; seed++) {
      seeds.add(seed);
    }
    return seeds;
  }

  /** The command that repeats a test with a seed. */
  public static String command(String bundle, Class<?> test, long seed) {
    return "mvn -o -pl "
        + bundle
        + " -am -Dtest="
        + test.getSimpleName()
        + " -Dsurefire.failIfNoSpecifiedTests=false -D"
        + SEED_PROPERTY
        + "="
        + seed
        + " package";
  }

  /** Makes one in {@code oneIn} commands of the device fail from now on. */
  public FileSwarm withFaults(int oneIn) {
    io.device()
        .setFaults(
            (op, sector, sizeBytes) -> random.nextInt(oneIn) == 0 ? BlkStatus.IOERR : BlkStatus.OK);
    return this;
  }

  /** Runs until every task has made its calls, then syncs, and lets all I/O end. */
  public void run(int tasks, int callsEach) {
    for (int i = 0; i < tasks; i++) {
      callers.add(new Caller(i % io.machine().cpuCount(), callsEach));
    }
    long limitNs = io.machine().nowNs() + RUN_NS_MAX;
    while (callers.stream().anyMatch(caller -> !caller.task.hasExited())) {
      if (io.machine().nowNs() > limitNs) {
        throw new IllegalStateException(
            "swarm: still running after " + RUN_NS_MAX + " virtual ns: " + stuck());
      }
      io.runForNs(10_000_000);
    }
    io.device().setFaults(DeviceFaults.NONE);
    io.call(x -> cache.writeback().sync(x));
    io.runForNs(1_000_000_000);
  }

  private String stuck() {
    List<String> names = new ArrayList<>();
    for (Caller caller : callers) {
      if (!caller.task.hasExited()) {
        names.add(caller.task + " in " + caller.what);
      }
    }
    return String.join(", ", names);
  }

  /** Calls that were made. */
  public int calls() {
    return calls;
  }

  private enum Kind {
    WRITE,
    READ,
    FSYNC,
    FDATASYNC,
    SYNC_FILE_RANGE,
    DIRECT_WRITE,
    DIRECT_READ,
    DONTNEED,
    TRUNCATE;

    private static final Kind[] ALL = values();
  }

  /** One task. */
  private final class Caller {
    private final Task task;
    private final List<OpenFile> open = new ArrayList<>();
    private final List<DirectIo> direct = new ArrayList<>();
    private int left;
    private Target target;
    private OpenFile file;
    private DirectIo directIo;
    private long pos;
    private long bytes;
    private String what = "nothing";
    private final Step next = this::next;
    private final Step check = this::check;
    private final Step unlock = this::unlock;
    private final Step directLocked = this::directLocked;
    private final Step directFlushed = this::directFlushed;
    private final Step directDone = this::directDone;
    private final Step truncateLocked = this::truncateLocked;
    private long result;

    Caller(int cpu, int callsEach) {
      left = callsEach;
      for (Target each : targets) {
        open.add(new OpenFile(each.mapping()));
        direct.add(new DirectIo(io.layer(), each.directMap(), (x, ended) -> {}));
      }
      task = io.machine().spawn("swarm", CpuMask.of(cpu), next);
    }

    private void next(Exec x) {
      if (left-- == 0) {
        return;
      }
      calls++;
      int which = random.nextInt(targets.size());
      target = targets.get(which);
      file = open.get(which);
      directIo = direct.get(which);
      // Half of the calls are near the start, where they meet each other.
      long reach = random.nextInt(2) == 0 ? 65_536 : target.sizeMaxBytes() - 131_072;
      pos = random.nextLong(reach);
      bytes = 1 + random.nextLong(random.nextInt(2) == 0 ? 4_096 : 131_071);
      Kind kind = kind();
      what = kind + " at " + pos + " of " + bytes;
      x.then(next);
      x.charge(random.nextLong(20_000));
      x.then(check);
      call(x, kind);
    }

    private Kind kind() {
      int draw = random.nextInt(16);
      return draw < 5 ? Kind.WRITE : draw < 8 ? Kind.READ : Kind.ALL[draw - 7];
    }

    private void call(Exec x, Kind kind) {
      switch (kind) {
        case WRITE -> cache.write(x, file, pos, bytes, flags(true));
        case READ -> cache.read(x, file, pos, bytes, flags(false));
        case FSYNC -> cache.fsync(x, file);
        case FDATASYNC -> cache.fdatasync(x, file);
        case SYNC_FILE_RANGE -> cache.syncFileRange(x, file, pos, bytes, random.nextInt(8));
        case DONTNEED -> cache.dontneed(x, target.mapping(), pos, pos + bytes - 1);
        case TRUNCATE -> truncate(x);
        case DIRECT_WRITE, DIRECT_READ -> beginDirect(x, kind);
        default -> throw new IllegalStateException("no such kind: " + kind);
      }
    }

    private RwFlags flags(boolean write) {
      int mask = 0;
      if (random.nextInt(2) == 0 && target.mapping().operations().supportsDontcache()) {
        mask |= RwFlag.DONTCACHE.mask();
      }
      boolean nowait = random.nextInt(8) == 0;
      if (nowait && (!write || target.mapping().operations().supportsNowaitWrites())) {
        mask |= RwFlag.NOWAIT.mask();
      }
      if (write && random.nextInt(8) == 0) {
        mask |= RwFlag.DSYNC.mask();
      }
      return new RwFlags(mask);
    }

    private void check(Exec x) {
      long got = x.result();
      boolean allowed = got >= 0 || got == -Errno.EIO || got == -Errno.EAGAIN;
      if (!allowed) {
        throw new IllegalStateException(what + ": result " + got + "; EIO and EAGAIN are expected");
      }
    }

    private void lockInode(Exec x, Step locked) {
      x.then(unlock);
      x.then(locked);
      target.mapping().inodeLock().lock(x);
    }

    private void unlock(Exec x) {
      target.mapping().inodeLock().unlock(x);
      x.setResult(result);
    }

    private void truncate(Exec x) {
      if (target.truncates()) {
        lockInode(x, truncateLocked);
      } else {
        x.setResult(0);
      }
    }

    private void truncateLocked(Exec x) {
      result = 0;
      cache.truncate(x, target.mapping(), pos);
    }

    // As a file system does it: flush, invalidate, write, invalidate, all under the inode's lock.

    private BioOp directOp;

    private void beginDirect(Exec x, Kind kind) {
      directOp = kind == Kind.DIRECT_WRITE ? BioOp.WRITE : BioOp.READ;
      pos -= pos % SECTOR_BYTES;
      bytes += SECTOR_BYTES - bytes % SECTOR_BYTES;
      lockInode(x, directLocked);
    }

    private void directLocked(Exec x) {
      x.then(directFlushed);
      cache.writeAndWait(x, target.mapping(), pos, pos + bytes - 1);
    }

    private void directFlushed(Exec x) {
      result = x.result();
      if (result < 0) {
        return;
      }
      x.then(directDone);
      x.then(directIo::await);
      directIo.submit(x, directOp, pos, bytes, 0);
    }

    private void directDone(Exec x) {
      result = x.result();
      if (directOp == BioOp.WRITE) {
        cache.invalidate(x, target.mapping(), pos, pos + bytes - 1);
      }
    }
  }
}
