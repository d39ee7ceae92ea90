package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.Bio;
import block.bio.spi.completion.CompletionDeferral;
import block.bio.spi.completion.CompletionHost;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import sim.kernel.Exec;

/** Code of policies that is where no step of the run can see it: in a loop of Java, on a thread. */
@Timeout(60)
class StrayCodeTest {
  private static final String BAD = "completion.bad";

  private final RunRig rig = new RunRig();

  /** Gives what it does to a list that is honest. */
  private abstract static class Stray implements CompletionDeferral {
    final CompletionHost host;
    private final CompletionDeferral honest;

    Stray(CompletionHost host) {
      this.host = host;
      honest = new ListedCompletionPolicy(Fault.NONE).attach(host);
    }

    abstract void stray(Exec x, Bio bio);

    @Override
    public void defer(Exec x, Bio bio) {
      stray(x, bio);
      honest.defer(x, bio);
    }

    @Override
    public List<Bio> detach() {
      return honest.detach();
    }

    @Override
    public int pending() {
      return honest.pending();
    }
  }

  private static final class Endless extends Stray {
    private volatile boolean isOver;

    Endless(CompletionHost host) {
      super(host);
    }

    @Override
    void stray(Exec x, Bio bio) {
      while (!isOver) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aStepThatNeverReturnsFailsItsRunAloneAndNamesThePolicy() throws Exception {
    AtomicReference<Endless> endless = new AtomicReference<>();
    rig.policies.add(
        PolicyFamily.COMPLETION,
        BAD,
        host -> {
          endless.set(new Endless(host));
          return endless.get();
        });
    LiveRun stuck =
        new LiveRun(
            "stuck",
            rig.scenario("swaps: [{at: 1 ms, completion: bad}]", "on-policy-fault: suspend"),
            rig.policies,
            RunOptions.DEFAULT,
            now -> {},
            new LiveRun.Patience(Duration.ofSeconds(10), Duration.ofMillis(300)));
    stuck.start();
    RunOutcome outcome = stuck.await();
    assertEquals(RunState.FAILED, outcome.state());
    assertTrue(outcome.failure().startsWith(BAD + ": did not return"), outcome.failure());
    assertTrue(outcome.failure().contains("Endless.stray"), outcome.failure());
    assertEquals(RunState.FAILED, stuck.mailbox().snapshot().state());
    assertEquals(List.of(BAD), outcome.faults().stream().map(PolicyFault::policyId).toList());
    stuck.close();
    rig.policies.remove(PolicyFamily.COMPLETION, BAD);
    try (LiveRun other =
        new LiveRun(rig.scenario(), rig.policies, RunOptions.DEFAULT, now -> {}).start()) {
      assertTrue(other.await().isGood(), "the process and other runs live on");
    }
    endless.get().isOver = true;
  }

  /** What was half done can't be known then, so that no response lets the run go on. */
  @Test
  void aPolicyThatRunsOutOfMemoryFailsItsRunAndIsNamed() throws Exception {
    rig.policies.add(
        PolicyFamily.COMPLETION,
        BAD,
        host ->
            new Stray(host) {
              @Override
              void stray(Exec x, Bio bio) {
                throw new OutOfMemoryError("Java heap space");
              }
            });
    for (String response : List.of("suspend", "fallback:completion.other", "fail")) {
      SimulationRun run =
          rig.run("swaps: [{at: 1 ms, completion: bad}]", "on-policy-fault: " + response);
      assertEquals(RunState.FAILED, run.runToEnd());
      String failure = run.outcome().failure();
      String what = BAD + ": threw java.lang.OutOfMemoryError: Java heap space at ";
      assertTrue(failure.startsWith(what), failure);
      assertEquals(
          List.of(BAD), run.outcome().faults().stream().map(PolicyFault::policyId).toList());
    }
    assertTrue(rig.run().runToEnd() == RunState.ENDED, "other runs live on");
  }

  /** Has a thread end a bio beside the run, and waits for what comes of it. */
  private static final class Threaded extends Stray {
    private final BlockingQueue<Object> answers;
    private int calls;

    Threaded(CompletionHost host, BlockingQueue<Object> answers) {
      super(host);
      this.answers = answers;
    }

    @Override
    void stray(Exec x, Bio bio) {
      if (++calls != 5) {
        return;
      }
      Thread thread =
          new Thread(
              () -> {
                try {
                  host.endBio(x, bio);
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
  }

  @Test
  void aThreadThatCallsFromOutsideIsRefusedAndItsPolicyTakenOut() throws Exception {
    BlockingQueue<Object> answers = new ArrayBlockingQueue<>(16);
    rig.policies.add(PolicyFamily.COMPLETION, BAD, host -> new Threaded(host, answers));
    String swap = "swaps: [{at: 1 ms, completion: bad}, {at: 3 ms, eviction: at-once}]";
    for (String response : List.of("suspend", "fallback:completion.other", "fail")) {
      SimulationRun run = rig.run(swap, "on-policy-fault: " + response);
      run.runToEnd();
      Object answer = answers.poll();
      String text = assertInstanceOf(IllegalStateException.class, answer).getMessage();
      assertTrue(text.startsWith(BAD + ": called from outside its run"), text);
      if (response.equals("suspend")) {
        assertEquals(RunState.SUSPENDED, run.state());
        run.use(PolicyFamily.COMPLETION, RunRig.OTHER);
        run.runToEnd();
      }
      PolicyFault fault = run.outcome().faults().get(0);
      assertEquals(
          BAD + ": called from outside its run, on thread 'stray', at 3000000 ns", fault.text());
      if (response.equals("fail")) {
        assertEquals(RunState.FAILED, run.state());
      } else {
        assertEquals("", RunRig.whatIsWrong(run));
        Journal journal = Journal.read("j", run.journal().text());
        SimulationRun again =
            new SimulationRun(run.scenario(), rig.policies, RunOptions.DEFAULT.replaying(journal));
        again.runToEnd();
        assertEquals(run.outcome().digest(), again.outcome().digest());
        assertEquals(journal.entries(), again.journal().entries());
        answers.clear();
      }
    }
  }
}
