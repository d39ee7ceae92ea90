package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.Journal;
import launcher.scenario.run.JournalEntry;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** Policies that come, go and change while a run goes on that has bios pending with them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {
  private static final String WORKQUEUE = "policies.completion.workqueue";

  @Inject private BundleContext context;
  @Inject private PolicyLookup policies;
  @Inject private ConfigurationAdmin configurations;
  @Inject private PolicyConfigurations settings;
  private LiveRuns runs;

  @Configuration
  public Option[] program() {
    return options(Program.headless(), junitBundles());
  }

  @Before
  public void prepareRuns() {
    runs = new LiveRuns(policies);
  }

  @Test
  public void everyPolicyBundleIsFoundAtRunTime() {
    List<String> missing = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      String name = bundle.getSymbolicName();
      boolean ofARun =
          PolicyFamily.all().stream().anyMatch(f -> name.startsWith("policies." + f.key() + "."));
      if (ofARun
          && policies.registered().stream().noneMatch(p -> p.bundle().startsWith(name + " "))) {
        missing.add(name);
      }
    }
    assertEquals(List.of(), missing);
    assertEquals(List.of(), policies.refused());
    for (RegisteredPolicy policy : policies.registered()) {
      assertNotEquals(policy.id(), "", policy.description());
      assertNotEquals(policy.id(), "", policy.kernelSource());
    }
  }

  @Test
  public void aSwapHandsOverWhatIsPending() throws Exception {
    try (LiveRun run = runs.withBiosPending()) {
      int pending = run.mailbox().snapshot().biosPending();
      long atNs = run.mailbox().snapshot().nowNs();
      RunSnapshot after = runs.use(run, "completion.rt-thread");
      assertEquals(atNs, after.nowNs());
      assertEquals("completion.rt-thread", after.policies().get(0).policyId());
      Journal journal = runs.finish(run);
      assertEquals(
          List.of(
              new JournalEntry(
                  atNs,
                  journal.entries().get(0).record(),
                  JournalEntry.Kind.SWAP,
                  "completion",
                  "completion.rt-thread",
                  pending,
                  Map.of("priority", "50"))),
          journal.entries());
    }
  }

  @Test
  public void aRunWaitsForAPolicyWhoseBundleIsStopped() throws Exception {
    Bundle bundle = InstalledBundle.named(context, WORKQUEUE);
    try (LiveRun run = runs.withBiosPending()) {
      RunSnapshot before = run.mailbox().snapshot();
      bundle.stop();
      RunSnapshot without = runs.now(run);
      assertEquals(RunState.SUSPENDED, without.state());
      assertEquals("completion.workqueue has left", without.message());
      assertEquals(before.biosPending(), without.biosPending());
      RunSnapshot later = run.mailbox().stepNs(1_000_000).get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
      assertEquals("the clock stands", before.nowNs(), later.nowNs());
      bundle.start();
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
    } finally {
      bundle.start();
    }
  }

  @Test
  public void anUpdatedPolicyGoesOnInTheSameRun() throws Exception {
    Bundle bundle = InstalledBundle.named(context, WORKQUEUE);
    String version = bundle.getVersion().toString();
    try (LiveRun run = runs.withBiosPending()) {
      bundle.update(OutsideBundle.from(WORKQUEUE).version("7.8.9").open());
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertTrue(
          policies.registered().stream().anyMatch(p -> p.bundle().equals(WORKQUEUE + " 7.8.9")));
      assertEquals(List.of("SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
    } finally {
      bundle.update(OutsideBundle.from(WORKQUEUE).open());
    }
    assertEquals(version, bundle.getVersion().toString());
  }

  @Test
  public void aPolicyWhoseBundleIsRefreshedGoesOnInTheSameRun() throws Exception {
    Bundle bundle = InstalledBundle.named(context, WORKQUEUE);
    CountDownLatch refreshed = new CountDownLatch(1);
    try (LiveRun run = runs.withBiosPending()) {
      context
          .getBundle(0)
          .adapt(FrameworkWiring.class)
          .refreshBundles(List.of(bundle), event -> refreshed.countDown());
      assertTrue("refreshed", refreshed.await(LiveRuns.ANSWER_S, TimeUnit.SECONDS));
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
    }
  }

  @Test
  public void aConfigurationChangesEachRunAtItsOwnTimeAndReplays() throws Exception {
    try (LiveRun one = runs.withBiosPending();
        LiveRun two = runs.withBiosPending()) {
      runs.use(one, "completion.rt-thread");
      runs.use(two, "completion.rt-thread");
      two.mailbox().stepInstants(1).get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
      settings.set("completion.rt-thread", Map.of("priority", 60));
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> settings.set("completion.rt-thread", Map.of("priority", 0)));
      assertEquals(
          "completion.rt-thread: priority is 0; it must be from 1 to 99", refused.getMessage());
      assertEquals(Map.of("priority", 60), settings.explicit("completion.rt-thread"));
      assertEquals(RunState.PAUSED, runs.now(one).state());
      assertEquals(RunState.PAUSED, runs.now(two).state());
      // To its end first: the other's replay configures the policy for itself.
      two.mailbox().resume().get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
      assertTrue(two.await().isGood());
      Journal journal = runs.finish(one);
      assertEquals(
          List.of("SWAP", "SUSPEND", "RESUME", "SUSPEND", "RESUME"), LiveRuns.kinds(journal));
      assertEquals(
          List.of("50", "60", "60"),
          journal.entries().stream()
              .map(entry -> entry.configuration().get("priority"))
              .filter(priority -> priority != null)
              .toList());
      assertEquals(LiveRuns.kinds(journal), LiveRuns.kinds(two.journal()));
    } finally {
      settings.set("completion.rt-thread", Map.of());
    }
  }

  @Test
  public void aRefusedConfigurationIsToldWithItsReason() throws Exception {
    var configuration = configurations.getConfiguration("completion.rt-thread", "?");
    Dictionary<String, Object> wrong = new Hashtable<>();
    wrong.put("priority", 0);
    try (LiveRun run = runs.withBiosPending()) {
      runs.use(run, "completion.rt-thread");
      configuration.update(wrong);
      RefusedPolicy refused = awaitRefusal();
      String why = "completion.rt-thread is refused: priority is 0; it must be from 1 to 99";
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LiveRuns.ANSWER_S);
      while (!runs.now(run).message().equals(why)) {
        assertTrue("awaited in vain: " + runs.now(run), System.nanoTime() < endNs);
      }
      assertEquals("completion.rt-thread", refused.id());
      assertEquals("priority is 0; it must be from 1 to 99", refused.reason());
      assertTrue(policies.find(PolicyFamily.COMPLETION, "completion.rt-thread").isEmpty());
    } finally {
      configuration.delete();
    }
    Awaited.until(
        context,
        "completion.rt-thread is back",
        () -> policies.find(PolicyFamily.COMPLETION, "completion.rt-thread").isPresent());
    assertEquals(List.of(), policies.refused());
  }

  private RefusedPolicy awaitRefusal() throws Exception {
    Awaited.until(context, "completion.rt-thread is refused", () -> !policies.refused().isEmpty());
    return policies.refused().get(0);
  }

  @Test
  public void everyFamilyIsSwappedAtOneInstant() throws Exception {
    List<String> ids =
        List.of(
            "completion.rt-thread",
            "dropbehind.folio-batch",
            "writeback.lazy",
            "eviction.per-folio");
    try (LiveRun run = runs.withBiosPending()) {
      long atNs = run.mailbox().snapshot().nowNs();
      for (String id : ids) {
        assertNotEquals(ids, used(run));
        runs.use(run, id);
      }
      assertEquals(ids, used(run));
      Journal journal = runs.finish(run);
      assertEquals(
          ids.stream().map(id -> "SWAP " + id + " at " + atNs).toList(),
          journal.entries().stream()
              .map(entry -> entry.kind() + " " + entry.policyId() + " at " + entry.timeNs())
              .toList());
    }
  }

  private static List<String> used(LiveRun run) {
    return run.mailbox().snapshot().policies().stream().map(seat -> seat.policyId()).toList();
  }

  @Test
  public void runsSideBySideHaveTheDigestsThatTheyHaveAlone() throws Exception {
    String workqueue = digest("completion.workqueue");
    String rtThread = digest("completion.rt-thread");
    assertNotEquals(workqueue, rtThread);
    try (LiveRun one = runs.paused();
        LiveRun two = runs.paused();
        LiveRun three = runs.paused()) {
      runs.use(one, "completion.workqueue");
      runs.use(two, "completion.rt-thread");
      runs.use(three, "completion.rt-thread");
      // By turns, so that what one leaves in a policy would be there for the others.
      for (int turn = 0; turn < 200; turn++) {
        one.mailbox().stepInstants(3).get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
        two.mailbox().stepInstants(5).get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
        three.mailbox().stepInstants(2).get(LiveRuns.ANSWER_S, TimeUnit.SECONDS);
      }
      one.mailbox().resume();
      two.mailbox().resume();
      three.mailbox().resume();
      assertEquals(
          List.of(workqueue, rtThread, rtThread),
          List.of(one.await().digest(), two.await().digest(), three.await().digest()));
    }
  }

  private String digest(String id) throws Exception {
    try (LiveRun run = runs.paused()) {
      runs.use(run, id);
      run.mailbox().resume();
      return run.await().digest();
    }
  }
}
