package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.AtOnceEvictionPolicy;
import launcher.scenario.run.testing.InlineWritebackPolicy;
import launcher.scenario.run.testing.ListedDropbehindPolicy;
import mm.core.AddressSpace;
import mm.core.spi.dropbehind.DropbehindDeferral;
import mm.core.spi.dropbehind.DropbehindHost;
import mm.core.spi.eviction.EvictionBatch;
import mm.core.spi.eviction.EvictionDeferral;
import mm.core.spi.eviction.EvictionPolicy;
import mm.core.spi.eviction.EvictionTask;
import mm.core.spi.writeback.WritebackDeferral;
import mm.core.spi.writeback.WritebackPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sim.kernel.Exec;

/**
 * A policy of each family has a thread that calls its layer beside the run: it is refused, and the
 * policy taken out of use. {@link StrayCodeTest} has the same of completion.
 */
@Timeout(60)
class ForeignThreadTest {
  private static final int CALL = 3;

  private final RunRig rig = new RunRig();
  private final BlockingQueue<Object> answers = new ArrayBlockingQueue<>(16);
  private int calls;

  /** At the third call, calls the layer from a thread, and waits for what comes of it. */
  private void stray(Runnable call) {
    if (++calls != CALL) {
      return;
    }
    Thread thread =
        new Thread(
            () -> {
              try {
                call.run();
                answers.add("it was let in");
              } catch (RuntimeException refused) {
                answers.add(refused);
              }
            },
            "stray");
    thread.start();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertTakenOut(PolicyFamily<?> family, String other) {
    boolean evicts = family == PolicyFamily.EVICTION;
    SimulationRun run =
        rig.runOf(
            """
            scenario: foreign
            machine: {cpus: 2}
            device: nvme
            filesystem: {type: iomap, writes: overwrite, iomap-dontcache: %s}
            memory: {size: 256 MiB%s}
            policies: {completion: listed, dropbehind: leaves, writeback: inline, eviction: at-once}
            workload: [{writer: {count: 2, %s, file-size: %s}}]
            swaps: [{at: 100 us, %s: bad}]
            on-policy-fault: fallback:%s
            """
                .formatted(
                    family == PolicyFamily.DROPBEHIND ? "as-it-comes" : "bio-by-folio",
                    evicts ? ", limit: 4 MiB, swap: 64 MiB" : "",
                    evicts
                        ? "backing: anonymous, io-size: 4 KiB"
                        : "flags: [dontcache], io-size: 64 KiB, access: random, end-fsync: true",
                    evicts ? "12 MiB" : "4 MiB",
                    family.key(),
                    other));
    run.runToEnd();
    String bad = family.key() + ".bad";
    String text = assertInstanceOf(IllegalStateException.class, answers.poll()).getMessage();
    assertTrue(text.startsWith(bad + ": called from outside its run"), text);
    PolicyFault fault = run.outcome().faults().get(0);
    assertTrue(
        fault.text().startsWith(bad + ": called from outside its run, on thread 'stray', at "),
        fault.text());
    assertEquals(RunState.ENDED, run.state(), run.outcome().failure());
    assertEquals("", run.outcome().failure());
    assertEquals(0, run.snapshot().biosInUse());
    assertEquals((evicts ? 24L : 8L) << 20, run.snapshot().bytesDone());
  }

  @Test
  void aThreadDropsAFolio() {
    rig.policies
        .add(PolicyFamily.DROPBEHIND, "dropbehind.bad", Dropping::new)
        .add(PolicyFamily.DROPBEHIND, "dropbehind.other", new ListedDropbehindPolicy(1 << 20));
    assertTakenOut(PolicyFamily.DROPBEHIND, "dropbehind.other");
  }

  private final class Dropping implements DropbehindDeferral {
    private final DropbehindHost host;
    private final DropbehindDeferral honest;

    Dropping(DropbehindHost host) {
      this.host = host;
      honest = new ListedDropbehindPolicy(1 << 20).attach(host);
    }

    @Override
    public boolean defer(Exec x, int folio) {
      boolean isTaken = honest.defer(x, folio);
      stray(() -> host.endDropbehind(x, folio));
      return isTaken;
    }

    @Override
    public int[] detach() {
      return honest.detach();
    }

    @Override
    public int pending() {
      return honest.pending();
    }
  }

  @Test
  void aThreadSubmitsWriteback() {
    WritebackPolicy bad =
        host -> {
          var honest = new InlineWritebackPolicy().attach(host);
          return new WritebackDeferral() {
            @Override
            public void afterDontcacheWrite(
                Exec x, AddressSpace mapping, long pos, long countBytes) {
              stray(() -> host.flushRange(x, mapping, pos, countBytes));
              honest.afterDontcacheWrite(x, mapping, pos, countBytes);
            }

            @Override
            public void detach() {
              honest.detach();
            }
          };
        };
    rig.policies.add(PolicyFamily.WRITEBACK, "writeback.bad", bad);
    assertTakenOut(PolicyFamily.WRITEBACK, "writeback.also-inline");
  }

  @Test
  void aThreadUnmapsAFolio() {
    EvictionPolicy bad =
        host -> {
          EvictionDeferral honest = new AtOnceEvictionPolicy().attach(host);
          return new EvictionDeferral() {
            @Override
            public EvictionBatch newBatch(EvictionTask task) {
              return unmapping(task, honest.newBatch(task));
            }

            @Override
            public void detach() {
              honest.detach();
            }
          };
        };
    rig.policies
        .add(PolicyFamily.EVICTION, "eviction.bad", bad)
        .add(PolicyFamily.EVICTION, "eviction.other", new AtOnceEvictionPolicy());
    assertTakenOut(PolicyFamily.EVICTION, "eviction.other");
  }

  private EvictionBatch unmapping(EvictionTask task, EvictionBatch honest) {
    return new EvictionBatch() {
      @Override
      public void evict(Exec x, int folio) {
        stray(() -> task.tryToUnmap(x, folio));
        honest.evict(x, folio);
      }

      @Override
      public void flush(Exec x) {
        honest.flush(x);
      }

      @Override
      public int[] handBack() {
        return honest.handBack();
      }

      @Override
      public int pending() {
        return honest.pending();
      }
    };
  }
}
