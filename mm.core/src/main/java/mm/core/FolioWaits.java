package mm.core;

import java.util.ArrayDeque;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.trace.Tracepoint;
import sim.kernel.wait.BitWaitTable;

/**
 * The two bits of a folio that tasks sleep on: its lock, and writeback. Models {@code
 * folio_wait_bit_common}: a woken task tries again, and may be overtaken by one that did not sleep;
 * one that only waits for the end of a lock goes on.
 */
final class FolioWaits {
  private static final int LOCK_BIT = 0;
  private static final int WRITEBACK_BIT = 1;

  /** The lock again, for those that wait for its end and don't want it. */
  private static final int UNLOCKED_BIT = 2;

  private final PageCache cache;
  private final FolioStore folios;
  private final BitWaitTable table = new BitWaitTable();
  private final ArrayDeque<Sleeper> sleepers = new ArrayDeque<>();

  FolioWaits(PageCache cache) {
    this.cache = cache;
    folios = cache.folios();
  }

  private static long key(int folio, int bit) {
    return (long) folio << 2 | bit;
  }

  void lock(Exec x, int folio) {
    if (!folios.trylock(folio)) {
      sleeper(folio).sleepForLock(x);
    }
  }

  void unlock(Exec x, int folio) {
    if (folios.unlock(folio)) {
      // Whoever is woken takes the lock and unlocks again, which wakes the next.
      table.wake(x, key(folio, UNLOCKED_BIT), Integer.MAX_VALUE);
      table.wake(x, key(folio, LOCK_BIT), 1);
      forgetWaiters(folio);
    }
  }

  void waitUnlocked(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.LOCKED)) {
      folios.set(folio, FolioFlag.WAITERS);
      table.sleep(x, key(folio, UNLOCKED_BIT));
    }
  }

  void waitWriteback(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.WRITEBACK)) {
      traceWait(x, folio);
      sleeper(folio).sleepForWriteback(x);
    }
  }

  private void traceWait(Exec x, int folio) {
    if (cache.machine().trace().enabled(Tracepoint.FOLIO_WAIT_WRITEBACK)) {
      AddressSpace mapping = cache.mappings().of(folio);
      cache
          .machine()
          .trace()
          .emit(
              x.nowNs(),
              x.cpu().id(),
              Tracepoint.FOLIO_WAIT_WRITEBACK,
              mapping == null ? 0 : mapping.hostInode(),
              folios.index(folio));
    }
  }

  void wakeWriteback(Exec x, int folio) {
    if (folios.test(folio, FolioFlag.WAITERS)) {
      table.wake(x, key(folio, WRITEBACK_BIT), Integer.MAX_VALUE);
      forgetWaiters(folio);
    }
  }

  private void forgetWaiters(int folio) {
    if (!table.hasWaiters(key(folio, LOCK_BIT))
        && !table.hasWaiters(key(folio, UNLOCKED_BIT))
        && !table.hasWaiters(key(folio, WRITEBACK_BIT))) {
      folios.clear(folio, FolioFlag.WAITERS);
    }
  }

  private Sleeper sleeper(int folio) {
    Sleeper sleeper = sleepers.pollLast();
    if (sleeper == null) {
      sleeper = new Sleeper();
    }
    sleeper.folio = folio;
    return sleeper;
  }

  /** One task that sleeps on a folio. */
  private final class Sleeper {
    private final Step lockAgain = this::lockAgain;
    private final Step writebackAgain = this::writebackAgain;
    private int folio;

    void sleepForLock(Exec x) {
      folios.set(folio, FolioFlag.WAITERS);
      x.then(lockAgain);
      table.sleep(x, key(folio, LOCK_BIT));
    }

    private void lockAgain(Exec x) {
      if (folios.trylock(folio)) {
        sleepers.addLast(this);
      } else {
        sleepForLock(x);
      }
    }

    void sleepForWriteback(Exec x) {
      folios.set(folio, FolioFlag.WAITERS);
      x.then(writebackAgain);
      table.sleep(x, key(folio, WRITEBACK_BIT));
    }

    private void writebackAgain(Exec x) {
      if (folios.test(folio, FolioFlag.WRITEBACK)) {
        sleepForWriteback(x);
      } else {
        sleepers.addLast(this);
      }
    }
  }
}
