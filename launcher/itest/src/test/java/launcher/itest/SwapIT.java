package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.inject.Inject;
import launcher.scenario.Scenario;
import launcher.scenario.ScenarioReader;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.Journal;
import launcher.scenario.run.JournalEntry;
import launcher.scenario.run.LiveRun;
import launcher.scenario.run.RunOptions;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import launcher.scenario.run.SimulationRun;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.ConfigurationAdmin;

/** Policies that come, go and change while a run goes on that has bios pending with them. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class SwapIT {
  private static final String WORKQUEUE = "policies.completion.workqueue";
  private static final String RT_THREAD = "policies.completion.rtthread";
  private static final long ANSWER_S = 60;

  /** Buffer heads end each page by a bio of its own, so that many are pending at one time. */
  private static final String SCENARIO =
      """
      scenario: swap
      filesystem: block-device
      workload: [{writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}}]
      """;

  @Inject private BundleContext context;
  @Inject private PolicyLookup policies;
  @Inject private PolicyJars jars;
  @Inject private ConfigurationAdmin configurations;
  @Inject private PolicyConfigurations settings;

  @Configuration
  public Option[] program() {
    return options(Program.headless(), junitBundles());
  }

  private Scenario scenario() throws Exception {
    return new ScenarioReader(policies, Map.of(), Map.of())
        .readText("swap.yaml", SCENARIO, List.of());
  }

  private Bundle installed(String symbolicName) {
    for (Bundle bundle : context.getBundles()) {
      if (symbolicName.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    throw new AssertionError("no bundle " + symbolicName);
  }

  /** A run that stands still while bios wait for their ends with its completion policy. */
  private LiveRun runWithBiosPending() throws Exception {
    LiveRun run = new LiveRun(scenario(), policies, RunOptions.DEFAULT, now -> {}).startPaused();
    RunSnapshot now = run.mailbox().snapshot();
    while (now.biosPending() == 0 && !now.state().isOver()) {
      now = run.mailbox().stepInstants(1).get(ANSWER_S, TimeUnit.SECONDS);
    }
    assertTrue("bios pending: " + now, now.biosPending() > 0);
    return run;
  }

  private static RunSnapshot now(LiveRun run) throws Exception {
    // A command's answer comes after whatever was posted before it.
    return run.mailbox().pause().get(ANSWER_S, TimeUnit.SECONDS);
  }

  /** Runs on to the end: all is whole there, and the journal repeats it. */
  private Journal finish(LiveRun run) throws Exception {
    run.mailbox().resume().get(ANSWER_S, TimeUnit.SECONDS);
    RunOutcome outcome = run.await();
    assertEquals(RunState.ENDED, outcome.state());
    assertTrue(outcome.toString(), outcome.isGood());
    Journal journal = run.journal();
    SimulationRun again =
        new SimulationRun(scenario(), policies, RunOptions.DEFAULT.replaying(journal));
    again.runToEnd();
    assertEquals("digest of the replay", outcome.digest(), again.outcome().digest());
    return journal;
  }

  private static List<String> kinds(Journal journal) {
    return journal.entries().stream().map(entry -> entry.kind().name()).toList();
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
    try (LiveRun run = runWithBiosPending()) {
      int pending = run.mailbox().snapshot().biosPending();
      long atNs = run.mailbox().snapshot().nowNs();
      RunSnapshot after =
          run.mailbox()
              .use(PolicyFamily.COMPLETION, "completion.rt-thread")
              .get(ANSWER_S, TimeUnit.SECONDS);
      assertEquals(atNs, after.nowNs());
      assertEquals("completion.rt-thread", after.policies().get(0).policyId());
      Journal journal = finish(run);
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
    Bundle bundle = installed(WORKQUEUE);
    try (LiveRun run = runWithBiosPending()) {
      RunSnapshot before = run.mailbox().snapshot();
      bundle.stop();
      RunSnapshot without = now(run);
      assertEquals(RunState.SUSPENDED, without.state());
      assertEquals("completion.workqueue has left", without.message());
      assertEquals(before.biosPending(), without.biosPending());
      RunSnapshot later = run.mailbox().stepNs(1_000_000).get(ANSWER_S, TimeUnit.SECONDS);
      assertEquals("the clock stands", before.nowNs(), later.nowNs());
      bundle.start();
      assertEquals(RunState.PAUSED, now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), kinds(finish(run)));
    } finally {
      bundle.start();
    }
  }

  @Test
  public void anUpdatedPolicyGoesOnInTheSameRun() throws Exception {
    Bundle bundle = installed(WORKQUEUE);
    String version = bundle.getVersion().toString();
    try (LiveRun run = runWithBiosPending()) {
      bundle.update(OutsideBundle.from(WORKQUEUE).version("7.8.9").open());
      assertEquals(RunState.PAUSED, now(run).state());
      assertTrue(
          policies.registered().stream().anyMatch(p -> p.bundle().equals(WORKQUEUE + " 7.8.9")));
      assertEquals(List.of("SUSPEND", "RESUME"), kinds(finish(run)));
    } finally {
      bundle.update(OutsideBundle.from(WORKQUEUE).open());
    }
    assertEquals(version, bundle.getVersion().toString());
  }

  @Test
  public void aBundleFromOutsideIsInstalledAndUsed() throws Exception {
    try (LiveRun run = runWithBiosPending()) {
      Bundle bundle = context.installBundle("outside:1", outside().open());
      try {
        bundle.start();
        RunSnapshot after =
            run.mailbox()
                .use(PolicyFamily.COMPLETION, "completion.outside")
                .get(ANSWER_S, TimeUnit.SECONDS);
        assertEquals("completion.outside", after.policies().get(0).policyId());
        assertEquals(List.of("SWAP"), kinds(finish(run)));
      } finally {
        bundle.uninstall();
      }
    }
    assertTrue(policies.registered().stream().noneMatch(p -> p.id().equals("completion.outside")));
  }

  private static OutsideBundle outside() throws Exception {
    return OutsideBundle.from(RT_THREAD)
        .symbolicName("example.policy")
        .policyId("completion.rt-thread", "completion.outside");
  }

  private static void update(OutsideBundle content, Bundle bundle) throws Exception {
    bundle.update(content.open());
  }

  private static void assertWaitsForOutside(LiveRun run) throws Exception {
    assertEquals(RunState.SUSPENDED, now(run).state());
    assertEquals("completion.outside has left", now(run).message());
  }

  @Test
  public void aRunWaitsForAPolicyWhoseBundleIsUninstalled() throws Exception {
    Bundle bundle = context.installBundle("outside:4", outside().open());
    bundle.start();
    try (LiveRun run = runWithBiosPending()) {
      run.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.outside")
          .get(ANSWER_S, TimeUnit.SECONDS);
      int pending = now(run).biosPending();
      bundle.uninstall();
      assertWaitsForOutside(run);
      assertEquals(pending, now(run).biosPending());
      bundle = context.installBundle("outside:5", outside().open());
      bundle.start();
      assertEquals(RunState.PAUSED, now(run).state());
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME"), kinds(finish(run)));
    } finally {
      bundle.uninstall();
    }
  }

  @Test
  public void aPolicyWhoseBundleIsRefreshedGoesOnInTheSameRun() throws Exception {
    Bundle bundle = installed(WORKQUEUE);
    CountDownLatch refreshed = new CountDownLatch(1);
    try (LiveRun run = runWithBiosPending()) {
      context
          .getBundle(0)
          .adapt(FrameworkWiring.class)
          .refreshBundles(List.of(bundle), event -> refreshed.countDown());
      assertTrue("refreshed", refreshed.await(ANSWER_S, TimeUnit.SECONDS));
      assertEquals(RunState.PAUSED, now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), kinds(finish(run)));
    }
  }

  @Test
  public void anUpdateForAFutureApiSuspendsAndOneForThisApiResumes() throws Exception {
    Bundle bundle = context.installBundle("outside:6", outside().open());
    bundle.start();
    try (LiveRun run = runWithBiosPending()) {
      run.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.outside")
          .get(ANSWER_S, TimeUnit.SECONDS);
      OutsideBundle future = outside().builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0");
      assertThrows("it is not started again", BundleException.class, () -> update(future, bundle));
      assertWaitsForOutside(run);
      assertEquals(
          List.of("completion.outside"),
          policies.refused().stream().map(RefusedPolicy::id).toList());
      bundle.update(outside().open());
      bundle.start();
      assertEquals(RunState.PAUSED, now(run).state());
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME"), kinds(finish(run)));
    } finally {
      bundle.uninstall();
    }
  }

  @Test
  public void aFolderBringsConfiguresAndTakesAwayAPolicy() throws Exception {
    Path folder = Files.createDirectories(Path.of("target/deploy").toAbsolutePath());
    Path jar = folder.resolve("outside.jar");
    Path cfg = folder.resolve("completion.outside.cfg");
    Files.deleteIfExists(jar);
    Files.deleteIfExists(cfg);
    System.setProperty("felix.fileinstall.dir", folder.toString());
    System.setProperty("felix.fileinstall.poll", "50");
    Bundle watcher = installed("org.apache.felix.fileinstall");
    watcher.adapt(BundleStartLevel.class).setStartLevel(Program.HEADLESS_LEVEL);
    try (LiveRun run = runWithBiosPending()) {
      outside().writeTo(jar);
      awaitOutside("is there", policy -> true);
      run.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.outside")
          .get(ANSWER_S, TimeUnit.SECONDS);
      Files.writeString(cfg, "priority=60\n");
      awaitOutside(
          "has priority 60", policy -> "60".equals(policy.configuration().get("priority")));
      Files.delete(jar);
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_S);
      while (!policies.isTold() || now(run).state() != RunState.SUSPENDED) {
        assertTrue("awaited in vain: " + now(run), System.nanoTime() < endNs);
      }
      assertWaitsForOutside(run);
      assertEquals(
          List.of("SWAP", "SUSPEND", "RESUME", "SUSPEND"),
          kinds(run.mailbox().journal().get(ANSWER_S, TimeUnit.SECONDS)));
    } finally {
      Files.deleteIfExists(jar);
      Files.deleteIfExists(cfg);
      watcher.adapt(BundleStartLevel.class).setStartLevel(Program.HEADLESS_LEVEL + 1);
    }
  }

  private void awaitOutside(String what, Predicate<RegisteredPolicy> holds) throws Exception {
    Awaited.until(
        context,
        "completion.outside " + what,
        () ->
            policies.registered().stream()
                .anyMatch(
                    policy -> policy.id().equals("completion.outside") && holds.test(policy)));
  }

  @Test
  public void aSuccessorOfTheSameIdTakesOverAtOnce() throws Exception {
    Bundle bundle = installed(WORKQUEUE);
    Bundle twin =
        context.installBundle(
            "outside:2", OutsideBundle.from(WORKQUEUE).symbolicName("example.twin").open());
    try (LiveRun run = runWithBiosPending()) {
      twin.start();
      assertEquals(
          "the older service is used",
          WORKQUEUE,
          policies.registered().stream()
              .filter(p -> p.id().equals("completion.workqueue"))
              .map(p -> p.bundle().split(" ")[0])
              .reduce((a, b) -> a + " and " + b)
              .get());
      bundle.stop();
      assertEquals(RunState.PAUSED, now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), kinds(finish(run)));
    } finally {
      bundle.start();
      twin.uninstall();
    }
  }

  @Test
  public void aBundleForAFutureApiIsRefusedWithTheReason() throws Exception {
    OutsideBundle future =
        OutsideBundle.from(RT_THREAD)
            .symbolicName("example.future")
            .builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0");
    File jar = new File("target/example.future.jar");
    Files.deleteIfExists(jar.toPath());
    List<OfferedPolicy> offered = jars.offered(future.writeTo(jar.toPath()));
    String reason = offered.get(0).refusal();
    assertTrue(
        reason,
        reason.startsWith(
            "it was built for version 9.0.0 of block.bio.spi.completion; here is 1."));
    Bundle bundle = context.installBundle("outside:3", future.open());
    try {
      assertThrows(BundleException.class, bundle::start);
      assertEquals(
          List.of(new RefusedPolicy("completion.rt-thread", offered.get(0).bundle(), reason)),
          policies.refused());
    } finally {
      bundle.uninstall();
    }
    assertEquals(List.of(), policies.refused());
  }

  @Test
  public void aConfigurationChangesEachRunAtItsOwnTimeAndReplays() throws Exception {
    try (LiveRun one = runWithBiosPending();
        LiveRun two = runWithBiosPending()) {
      one.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.rt-thread")
          .get(ANSWER_S, TimeUnit.SECONDS);
      two.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.rt-thread")
          .get(ANSWER_S, TimeUnit.SECONDS);
      two.mailbox().stepInstants(1).get(ANSWER_S, TimeUnit.SECONDS);
      settings.set("completion.rt-thread", Map.of("priority", 60));
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class,
              () -> settings.set("completion.rt-thread", Map.of("priority", 0)));
      assertEquals(
          "completion.rt-thread: priority is 0; it must be from 1 to 99", refused.getMessage());
      assertEquals(Map.of("priority", 60), settings.explicit("completion.rt-thread"));
      assertEquals(RunState.PAUSED, now(one).state());
      assertEquals(RunState.PAUSED, now(two).state());
      // To its end first: the other's replay configures the policy for itself.
      two.mailbox().resume().get(ANSWER_S, TimeUnit.SECONDS);
      assertTrue(two.await().isGood());
      Journal journal = finish(one);
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME", "SUSPEND", "RESUME"), kinds(journal));
      assertEquals(
          List.of("50", "60", "60"),
          journal.entries().stream()
              .map(entry -> entry.configuration().get("priority"))
              .filter(priority -> priority != null)
              .toList());
      assertEquals(kinds(journal), kinds(two.journal()));
    } finally {
      settings.set("completion.rt-thread", Map.of());
    }
  }

  @Test
  public void aRefusedConfigurationIsToldWithItsReason() throws Exception {
    var configuration = configurations.getConfiguration("completion.rt-thread", "?");
    Dictionary<String, Object> wrong = new Hashtable<>();
    wrong.put("priority", 0);
    try (LiveRun run = runWithBiosPending()) {
      run.mailbox()
          .use(PolicyFamily.COMPLETION, "completion.rt-thread")
          .get(ANSWER_S, TimeUnit.SECONDS);
      configuration.update(wrong);
      RefusedPolicy refused = awaitRefusal();
      String why = "completion.rt-thread is refused: priority is 0; it must be from 1 to 99";
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_S);
      while (!now(run).message().equals(why)) {
        assertTrue("awaited in vain: " + now(run), System.nanoTime() < endNs);
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
}
