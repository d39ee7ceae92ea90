package policies.tck.internal.mm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionTask;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * One task that evicts a list of folios, in place of reclaim: a model of what {@link EvictionTask}
 * promises, which judges every call. Folios have no memory behind them, so that any of them can be
 * in any state at any time.
 */
final class TrialEviction {
  private static final int PENDING_MAX = 512;

  private final EvictionBench bench;
  private final List<TrialFolio> list;
  private final Map<Integer, TrialFolio> held = new LinkedHashMap<>();
  private final List<TrialFolio> owed = new ArrayList<>();
  private final Step next = this::next;
  private final Step flushed = this::flushed;
  private int given;
  private EvictionBatch batch;

  private View view;
  private boolean done;
  private Exec lastBy;
  private long lastNs = -1;

  TrialEviction(EvictionBench bench, List<TrialFolio> list) {
    this.bench = bench;
    this.list = list;
  }

  boolean isDone() {
    return done;
  }

  List<TrialFolio> list() {
    return list;
  }

  // What the task does.

  void next(Exec x) {
    if (given == list.size()) {
      x.then(flushed);
      flush(x);
    } else {
      x.then(next);
      evict(x, list.get(given++));
    }
  }

  private void evict(Exec x, TrialFolio folio) {
    held.put(folio.number, folio);
    if (batch == null) {
      view = new View();
      batch = bench.newBatch(view);
    }
    bench.guarded(() -> batch.evict(x, folio.number));
  }

  private void flush(Exec x) {
    if (batch != null) {
      bench.guarded(() -> batch.flush(x));
    }
  }

  private void flushed(Exec x) {
    if (!held.isEmpty() && batch != null) {
      throw bench.stop(
          batch.pending() == 0 ? EvictionRules.EACH_ONCE : EvictionRules.FLUSH,
          "has " + held.values() + " after flush");
    }
    if (owed.isEmpty()) {
      done = true;
      return;
    }
    // The policy was swapped under this list: its successor gets what it had.
    TrialFolio folio = owed.remove(0);
    x.then(flushed);
    x.then(this::flush);
    if (folio.locked || !folio.lockedByOther) {
      folio.locked = true;
      evict(x, folio);
    }
  }

  /** Between two events: what it knows of what it has. */
  void verifyPending() {
    if (batch == null) {
      return;
    }
    int pending = batch.pending();
    if (pending != held.size()) {
      throw bench.stop(
          EvictionRules.EACH_ONCE, "pending is %d, and %s are".formatted(pending, held.values()));
    }
    if (pending > PENDING_MAX) {
      throw bench.stop(EvictionRules.BOUNDED_PENDING, pending + " folios are pending");
    }
  }

  /** The policy leaves, between two events. */
  void handBack() {
    if (batch == null) {
      return;
    }
    int[][] back = new int[1][];
    bench.guarded(() -> back[0] = batch.handBack());
    if (back[0] == null) {
      throw bench.stop(EvictionRules.THROWS_NOTHING, "handBack returned null");
    }
    int[] expected = held.keySet().stream().mapToInt(number -> number).toArray();
    if (!Arrays.equals(back[0], expected)) {
      throw bench.stop(
          EvictionRules.HAND_BACK,
          "handBack returned %s, not %s"
              .formatted(Arrays.toString(back[0]), Arrays.toString(expected)));
    }
    owed.addAll(held.values());
    held.clear();
    view.left = true;
    batch = null;
  }

  /** The task as one batch sees it. */
  private final class View implements EvictionTask {
    private boolean left;

    private TrialFolio held(int number, String call) {
      if (left) {
        throw bench.stop(EvictionRules.HAND_BACK, call + " of folio " + number + " after handBack");
      }
      TrialFolio folio = held.get(number);
      if (folio != null) {
        return folio;
      }
      if (bench.isOfAnother(TrialEviction.this, number)) {
        throw bench.stop(
            EvictionRules.NOTHING_SHARED, call + " of folio " + number + " of another task");
      }
      throw bench.stop(
          EvictionRules.EACH_ONCE, call + " of folio " + number + ", which it does not have");
    }

    @Override
    public void tryToUnmap(Exec x, int number) {
      TrialFolio folio = held(number, "tryToUnmap");
      x.charge(Cost.FOLIO_UNMAP);
      folio.unflushed |= folio.mapped;
      folio.mapped = false;
    }

    @Override
    public void unmapFlush(Exec x) {
      if (list.stream().anyMatch(folio -> folio.unflushed)) {
        x.charge(Cost.TLB_SHOOTDOWN);
        unmapFlushForFree();
      }
    }

    @Override
    public void unmapFlushDirty(Exec x) {
      if (list.stream().anyMatch(folio -> folio.unflushed && folio.forPageout)) {
        unmapFlush(x);
      }
    }

    @Override
    public void unmapFlushForFree() {
      list.forEach(folio -> folio.unflushed = false);
    }

    @Override
    public void finish(Exec x, int number) {
      TrialFolio folio = held(number, "finish");
      if (!folio.locked || folio.touched) {
        throw bench.stop(
            EvictionRules.UNTOUCHED,
            "finished "
                + folio
                + (folio.locked ? ", which is in use again" : ", which is unlocked"));
      }
      if (folio.mapped || folio.unflushed) {
        throw bench.stop(
            EvictionRules.FLUSHED,
            "finished " + folio + (folio.mapped ? ", which is mapped" : ", which is not flushed"));
      }
      if (lastBy == x && lastNs == x.nowNs()) {
        throw bench.stop(
            EvictionRules.BOUNDED_WORK, "finished two in one step, the second " + folio);
      }
      lastBy = x;
      lastNs = x.nowNs();
      held.remove(number);
      x.charge(Cost.FOLIO_DROP);
    }

    @Override
    public boolean isForPageout(int number) {
      return held(number, "isForPageout").forPageout;
    }

    @Override
    public void unlock(Exec x, int number) {
      TrialFolio folio = held(number, "unlock");
      if (!folio.forPageout || !folio.locked) {
        throw bench.stop(EvictionRules.UNTOUCHED, "unlocked " + folio);
      }
      folio.locked = false;
    }

    @Override
    public boolean trylock(int number) {
      TrialFolio folio = held(number, "trylock");
      folio.locked |= !folio.lockedByOther;
      return folio.locked;
    }

    @Override
    public boolean isEvictable(int number) {
      return !held(number, "isEvictable").touched;
    }

    @Override
    public boolean maybeDmaPinned(int number) {
      return held(number, "maybeDmaPinned").touched;
    }

    @Override
    public void putBack(Exec x, int number) {
      TrialFolio folio = held(number, "putBack");
      if (!folio.forPageout) {
        throw bench.stop(EvictionRules.UNTOUCHED, "put back " + folio);
      }
      held.remove(number);
      x.charge(Cost.FOLIO_LOOKUP);
    }
  }
}
