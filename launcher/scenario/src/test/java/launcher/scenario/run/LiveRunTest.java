package launcher.scenario.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.run.testing.ListedCompletionPolicy;
import launcher.scenario.run.testing.ListedCompletionPolicy.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveRunTest {
  private final RunRig rig = new RunRig();

  private LiveRun live() {
    return new LiveRun(rig.scenario(), rig.policies, RunOptions.DEFAULT, snapshot -> {});
  }

  private static <T> T answer(CompletableFuture<T> answer)
      throws InterruptedException, TimeoutException {
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  private String digestAlone() {
    SimulationRun run = rig.run();
    run.runToEnd();
    return run.outcome().digest();
  }

  /** Steps a paused run to the first instant from a time on at which bios are pending. */
  private static RunSnapshot stepToPendingBios(LiveRun live, long fromNs) throws Exception {
    RunSnapshot now = answer(live.mailbox().stepNs(fromNs));
    while (now.biosPending() == 0) {
      now = answer(live.mailbox().stepInstants(1));
    }
    return now;
  }

  private void assertEndsWellAndReplays(LiveRun live) throws Exception {
    RunOutcome outcome = live.await();
    assertTrue(outcome.isGood(), outcome::toString);
    assertEquals(RunRig.BYTES, live.mailbox().snapshot().bytesDone());
    SimulationRun again =
        new SimulationRun(
            rig.scenario(), rig.policies, RunOptions.DEFAULT.replaying(live.journal()));
    again.runToEnd();
    assertEquals(outcome.digest(), again.outcome().digest());
  }

  @Test
  void aThreadOfItsOwnChangesNothing() throws Exception {
    List<RunState> told = Collections.synchronizedList(new ArrayList<>());
    try (LiveRun live =
        new LiveRun(
            rig.scenario(),
            rig.policies,
            RunOptions.DEFAULT,
            snapshot -> told.add(snapshot.state()))) {
      live.start();
      assertEquals(digestAlone(), live.await().digest());
    }
    assertEquals(RunState.ENDED, told.get(told.size() - 1));
  }

  @Test
  void pausesAndStepsChangeNothing() throws Exception {
    try (LiveRun live = live().startPaused()) {
      assertEquals(100_000, answer(live.mailbox().stepNs(100_000)).nowNs());
      RunSnapshot stepped = answer(live.mailbox().stepInstants(1));
      assertEquals(RunState.PAUSED, stepped.state());
      assertTrue(stepped.nowNs() > 100_000);
      answer(live.mailbox().resume());
      answer(live.mailbox().pause());
      answer(live.mailbox().resume());
      assertEquals(digestAlone(), live.await().digest());
    }
  }

  @Test
  void aPolicyThatGoesIsLetGoOfAndAwaited() throws Exception {
    try (LiveRun live = live().startPaused()) {
      RunSnapshot before = stepToPendingBios(live, 1_000_000);
      rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED);
      RunSnapshot after = live.mailbox().snapshot();
      assertEquals(
          List.of(RunState.SUSPENDED, before.nowNs(), before.biosPending()),
          List.of(after.state(), after.nowNs(), after.biosPending()));
      assertEquals(
          RunState.SUSPENDED, answer(live.mailbox().resume()).state(), "not the user's to end");

      rig.policies.add(
          PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.NONE));
      assertEndsWellAndReplays(live);
    }
  }

  @Test
  void aPolicyIsSwappedUnderARunThatIsGoing() throws Exception {
    try (LiveRun live = live()) {
      // 10 ms of virtual time in a second, so that the run is not over before the swap.
      CompletableFuture<RunSnapshot> slow = live.mailbox().speed(0.01);
      live.start();
      answer(slow);
      RunSnapshot swapped = answer(live.mailbox().use(PolicyFamily.COMPLETION, RunRig.OTHER));
      assertEquals(RunRig.OTHER, swapped.policies().get(0).policyId());
      assertEquals(RunState.RUNNING, swapped.state());
      answer(live.mailbox().speed(Double.POSITIVE_INFINITY));
      assertEndsWellAndReplays(live);
      assertEquals(1, live.journal().entries().size());
    }
  }

  @Test
  void virtualTimeRunsNoFasterThanItsLimit() throws Exception {
    try (LiveRun live = live()) {
      CompletableFuture<RunSnapshot> slow = live.mailbox().speed(0.001);
      long startWallNs = System.nanoTime();
      live.start();
      answer(slow);
      long nowNs = 0;
      while (nowNs < 20_000) {
        answer(live.mailbox().journal());
        nowNs = live.mailbox().snapshot().nowNs();
        long wallNs = System.nanoTime() - startWallNs;
        assertTrue(nowNs <= wallNs / 1_000, nowNs + " ns after " + wallNs + " ns of wall time");
      }
    }
  }

  @Test
  void aCommandThatCantBeObeyedIsAnswered() throws Exception {
    try (LiveRun live = live().startPaused()) {
      assertThrows(
          IllegalArgumentException.class,
          () -> answer(live.mailbox().use(PolicyFamily.COMPLETION, "completion.nobody")));
      assertThrows(IllegalArgumentException.class, () -> answer(live.mailbox().stepNs(0)));
      answer(live.mailbox().resume());
      live.await();
      assertThrows(IllegalStateException.class, () -> answer(live.mailbox().pause()));
      rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED);
    }
  }

  @Test
  void aRunThatIsClosedEndsWithWhatItHasDone() throws Exception {
    LiveRun live = live().startPaused();
    answer(live.mailbox().stepNs(2_000_000));
    live.close();
    RunOutcome outcome = live.await();
    assertEquals(List.of(true, 2_000_000L), List.of(outcome.cutShort(), outcome.endNs()));
  }

  @Test
  void aRunThatDoesNotLetGoOfAPolicyIsNamed() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    LiveRun live =
        new LiveRun(
            "stuck",
            rig.scenario(),
            rig.policies,
            RunOptions.DEFAULT,
            snapshot -> {
              entered.countDown();
              awaitQuietly(release);
            },
            new LiveRun.Patience(Duration.ofMillis(50), StepWatch.patience()));
    live.startPaused();
    live.mailbox().resume();
    assertTrue(entered.await(30, TimeUnit.SECONDS));
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED));
    assertTrue(
        e.getMessage().startsWith("run-stuck: did not let go of completion.listed within"),
        e.getMessage());
    assertInstanceOf(TimeoutException.class, e.getCause());
    release.countDown();
    live.close();
  }

  @Test
  void aSlowRunFindsOutAtOnceThatNothingIsDue() throws Exception {
    rig.policies.add(
        PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.FORGETS));
    try (LiveRun live = live()) {
      // It is found at a look, 10 s of virtual time apart: 100 s of wall time at this speed.
      live.mailbox().speed(0.1);
      live.start();
      RunOutcome outcome = live.await();
      assertEquals(digestAlone(), outcome.digest());
      assertTrue(outcome.failure().contains("keeps"), outcome::failure);
    }
  }

  @Test
  void aRunThatFailsLeavesTheOtherAlone() throws Exception {
    String alone = digestAlone();
    rig.policies.add(
        PolicyFamily.COMPLETION, RunRig.OTHER, new ListedCompletionPolicy(Fault.DRAIN_THROWS));
    try (LiveRun good = live().startPaused();
        LiveRun bad = live().startPaused()) {
      answer(good.mailbox().stepNs(500_000));
      answer(bad.mailbox().stepNs(200_000));
      answer(bad.mailbox().use(PolicyFamily.COMPLETION, RunRig.OTHER));
      answer(good.mailbox().resume());
      answer(bad.mailbox().resume());
      assertEquals(RunState.FAILED, bad.await().state());
      assertEquals(alone, good.await().digest());
    }
  }

  @Test
  void everyRunLetsGoOfAPolicyAndGoesOnAtItsOwnTime() throws Exception {
    try (LiveRun one = live().startPaused();
        LiveRun two = live().startPaused()) {
      RunSnapshot first = stepToPendingBios(one, 1_000_000);
      RunSnapshot second = stepToPendingBios(two, 2_000_000);
      rig.policies.remove(PolicyFamily.COMPLETION, RunRig.LISTED);
      assertEquals(
          List.of(RunState.SUSPENDED, first.nowNs(), RunState.SUSPENDED, second.nowNs()),
          List.of(
              one.mailbox().snapshot().state(),
              one.mailbox().snapshot().nowNs(),
              two.mailbox().snapshot().state(),
              two.mailbox().snapshot().nowNs()));
      rig.policies.add(
          PolicyFamily.COMPLETION, RunRig.LISTED, new ListedCompletionPolicy(Fault.NONE));
      answer(one.mailbox().resume());
      answer(two.mailbox().resume());
      assertEndsWellAndReplays(one);
      assertEndsWellAndReplays(two);
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
