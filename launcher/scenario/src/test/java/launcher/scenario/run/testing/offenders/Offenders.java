package launcher.scenario.run.testing.offenders;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import block.bio.spi.completion.CompletionPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedDropbehindPolicy;
import mm.core.AddressSpace;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.dropbehind.DropbehindPolicy;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionHost;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackHost;
import mm.core.spi.writeback.WritebackPolicy;
import sim.kernel.Exec;
import sim.kernel.Machine;
import sim.kernel.Step;

/** Policies of every family that are honest but for one {@link Offence}. */
public final class Offenders {
  private Offenders() {}

  private static void attach(Offence offence) {
    if (offence == Offence.ATTACH_THROWS) {
      throw new UnsupportedOperationException("no use");
    }
  }

  private static void detach(Offence offence) {
    if (offence == Offence.DETACH_THROWS) {
      throw new UnsupportedOperationException("can't detach");
    }
  }

  /** What is handed back, made wrong. */
  private static int[] wronged(Offence offence, int[] back) {
    return switch (offence) {
      case DETACH_RETURNS_TOO_FEW -> Arrays.copyOf(back, Math.max(0, back.length - 1));
      case DETACH_RETURNS_TOO_MANY -> with(back, back.length == 0 ? 1 : back[0]);
      case DETACH_RETURNS_FOREIGN -> with(back, Integer.MAX_VALUE);
      default -> back;
    };
  }

  private static int[] with(int[] back, int more) {
    int[] all = Arrays.copyOf(back, back.length + 1);
    all[back.length] = more;
    return all;
  }

  /** Ends bios from a list; offends. */
  public static CompletionPolicy completion(Offence offence) {
    return host -> {
      attach(offence);
      return offence == Offence.ATTACH_RETURNS_NULL ? null : new Completion(host, offence);
    };
  }

  private static final class Completion implements CompletionDeferral {
    private final CompletionHost host;
    private final Offence offence;
    private final CompletionDeferral honest;
    private final Mischief mischief;
    private int kept;

    Completion(CompletionHost host, Offence offence) {
      this.host = host;
      this.offence = offence;
      mischief = new Mischief(host.machine(), offence);
      honest =
          new ListedCompletionPolicy(ListedCompletionPolicy.Fault.NONE)
              .attach(
                  new CompletionHost() {
                    @Override
                    public Machine machine() {
                      return host.machine();
                    }

                    @Override
                    public void endBio(Exec x, Bio bio) {
                      end(x, bio);
                    }

                    @Override
                    public void endBioAsTask(Exec x, Bio bio) {
                      host.endBioAsTask(x, bio);
                    }
                  });
    }

    private void end(Exec x, Bio bio) {
      Step again = y -> host.endBio(y, bio);
      if (offence == Offence.ENDS_TWICE && mischief.isDueToEnd()) {
        x.then(again);
      }
      host.endBio(x, bio);
    }

    @Override
    public void defer(Exec x, Bio bio) {
      mischief.called(x);
      if (offence.keeps()) {
        kept++;
        return;
      }
      honest.defer(x, bio);
    }

    @Override
    public List<Bio> detach() {
      List<Bio> back = new ArrayList<>(honest.detach());
      Offenders.detach(offence);
      switch (offence) {
        case DETACH_RETURNS_TOO_FEW -> back.remove(0);
        case DETACH_RETURNS_TOO_MANY -> back.add(back.get(0));
        case DETACH_RETURNS_FOREIGN -> back.add(null);
        default -> {}
      }
      return back;
    }

    @Override
    public int pending() {
      return honest.pending() + kept;
    }
  }

  /** Drops folios from a list; offends. */
  public static DropbehindPolicy dropbehind(Offence offence) {
    return host -> {
      attach(offence);
      return offence == Offence.ATTACH_RETURNS_NULL ? null : new Dropbehind(host, offence);
    };
  }

  private static final class Dropbehind implements DropbehindDeferral {
    private final Offence offence;
    private final DropbehindDeferral honest;
    private final Mischief mischief;
    private int kept;

    Dropbehind(DropbehindHost host, Offence offence) {
      this.offence = offence;
      mischief = new Mischief(host.machine(), offence);
      honest =
          new ListedDropbehindPolicy(1 << 20)
              .attach(
                  new DropbehindHost() {
                    @Override
                    public Machine machine() {
                      return host.machine();
                    }

                    @Override
                    public void endDropbehind(Exec x, int folio) {
                      Step again = y -> host.endDropbehind(y, folio);
                      if (offence == Offence.ENDS_TWICE && mischief.isDueToEnd()) {
                        x.then(again);
                      }
                      host.endDropbehind(x, folio);
                    }
                  });
    }

    @Override
    public boolean defer(Exec x, int folio) {
      mischief.called(x);
      if (offence.keeps()) {
        kept++;
        return true;
      }
      return honest.defer(x, folio);
    }

    @Override
    public int[] detach() {
      int[] back = honest.detach();
      Offenders.detach(offence);
      return wronged(offence, back);
    }

    @Override
    public int pending() {
      return honest.pending() + kept;
    }
  }

  /** Flushes what was written; offends. */
  public static WritebackPolicy writeback(Offence offence) {
    return host -> {
      attach(offence);
      return offence == Offence.ATTACH_RETURNS_NULL ? null : new Writeback(host, offence);
    };
  }

  private static final class Writeback implements WritebackDeferral {
    private final WritebackHost host;
    private final Offence offence;
    private final Mischief mischief;

    Writeback(WritebackHost host, Offence offence) {
      this.host = host;
      this.offence = offence;
      mischief = new Mischief(host.machine(), offence);
    }

    @Override
    public void afterDontcacheWrite(Exec x, AddressSpace mapping, long pos, long countBytes) {
      mischief.called(x);
      host.flushRange(x, mapping, pos, countBytes);
    }

    @Override
    public void detach() {
      Offenders.detach(offence);
    }
  }

  /** Unmaps folios and finishes them at the flush; offends. */
  public static EvictionPolicy eviction(Offence offence) {
    return host -> {
      attach(offence);
      return offence == Offence.ATTACH_RETURNS_NULL ? null : new Eviction(host, offence);
    };
  }

  private static final class Eviction implements EvictionDeferral {
    private final Offence offence;
    private final Mischief mischief;

    Eviction(EvictionHost host, Offence offence) {
      this.offence = offence;
      mischief = new Mischief(host.machine(), offence);
    }

    @Override
    public EvictionBatch newBatch(EvictionTask task) {
      return new Batch(task, offence, mischief);
    }

    @Override
    public void detach() {
      Offenders.detach(offence);
    }
  }

  private static final class Batch implements EvictionBatch {
    private final EvictionTask task;
    private final Offence offence;
    private final Mischief mischief;
    private final List<Integer> folios = new ArrayList<>();
    private final Step next = this::next;

    Batch(EvictionTask task, Offence offence, Mischief mischief) {
      this.task = task;
      this.offence = offence;
      this.mischief = mischief;
    }

    @Override
    public void evict(Exec x, int folio) {
      mischief.called(x);
      task.tryToUnmap(x, folio);
      folios.add(folio);
    }

    @Override
    public void flush(Exec x) {
      task.unmapFlush(x);
      if (!offence.keeps()) {
        x.then(next);
      }
    }

    private void next(Exec x) {
      if (folios.isEmpty()) {
        return;
      }
      x.then(next);
      int folio = folios.remove(0);
      task.finish(x, folio);
      if (offence == Offence.ENDS_TWICE && mischief.isDueToEnd()) {
        task.finish(x, folio);
      }
    }

    @Override
    public int[] handBack() {
      int[] back = folios.stream().mapToInt(Integer::intValue).toArray();
      folios.clear();
      return wronged(offence, back);
    }

    @Override
    public int pending() {
      return folios.size();
    }
  }
}
