package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.inject.Inject;
import launcher.scenario.policy.OfferedPolicy;
import launcher.scenario.policy.PolicyConfigurations;
import launcher.scenario.policy.PolicyJars;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.Journal;
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
import org.osgi.framework.BundleException;
import org.osgi.framework.startlevel.BundleStartLevel;

/** Bundles that the program does not have come, go and change while a run goes on. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class OutsideIT {
  private static final String WORKQUEUE = "policies.completion.workqueue";
  private static final String RT_THREAD = "policies.completion.rtthread";

  /** Made before the framework starts: nothing in there compiles. */
  private static final Path EXAMPLE = Path.of("target/example/adaptive-completion.jar");

  @Inject private BundleContext context;
  @Inject private PolicyLookup policies;
  @Inject private PolicyJars jars;
  @Inject private PolicyConfigurations settings;
  private LiveRuns runs;

  @Configuration
  public Option[] program() throws Exception {
    ExampleBundle.build(EXAMPLE);
    return options(Program.headless(), junitBundles());
  }

  @Before
  public void prepareRuns() {
    runs = new LiveRuns(policies);
  }

  private static OutsideBundle outside() throws Exception {
    return OutsideBundle.from(RT_THREAD)
        .symbolicName("example.policy")
        .policyId("completion.rt-thread", "completion.outside");
  }

  @Test
  public void aBundleFromOutsideIsInstalledAndUsed() throws Exception {
    try (LiveRun run = runs.withBiosPending()) {
      Bundle bundle = context.installBundle("outside:1", outside().open());
      try {
        bundle.start();
        RunSnapshot after = runs.use(run, "completion.outside");
        assertEquals("completion.outside", after.policies().get(0).policyId());
        assertEquals(List.of("SWAP"), LiveRuns.kinds(runs.finish(run)));
      } finally {
        bundle.uninstall();
      }
    }
    assertTrue(policies.registered().stream().noneMatch(p -> p.id().equals("completion.outside")));
  }

  @Test
  public void aRunWaitsForAPolicyWhoseBundleIsUninstalled() throws Exception {
    Bundle bundle = context.installBundle("outside:4", outside().open());
    bundle.start();
    try (LiveRun run = runs.withBiosPending()) {
      runs.use(run, "completion.outside");
      int pending = runs.now(run).biosPending();
      bundle.uninstall();
      assertWaitsForOutside(run);
      assertEquals(pending, runs.now(run).biosPending());
      bundle = context.installBundle("outside:5", outside().open());
      bundle.start();
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
    } finally {
      bundle.uninstall();
    }
  }

  private static void update(OutsideBundle content, Bundle bundle) throws Exception {
    bundle.update(content.open());
  }

  private void assertWaitsForOutside(LiveRun run) throws Exception {
    assertEquals(RunState.SUSPENDED, runs.now(run).state());
    assertEquals("completion.outside has left", runs.now(run).message());
  }

  @Test
  public void anUpdateForAFutureApiSuspendsAndOneForThisApiResumes() throws Exception {
    Bundle bundle = context.installBundle("outside:6", outside().open());
    bundle.start();
    try (LiveRun run = runs.withBiosPending()) {
      runs.use(run, "completion.outside");
      OutsideBundle future = outside().builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0");
      assertThrows("it is not started again", BundleException.class, () -> update(future, bundle));
      assertWaitsForOutside(run);
      assertEquals(
          List.of("completion.outside"),
          policies.refused().stream().map(RefusedPolicy::id).toList());
      bundle.update(outside().open());
      bundle.start();
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
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
    Bundle watcher = InstalledBundle.named(context, "org.apache.felix.fileinstall");
    watcher.adapt(BundleStartLevel.class).setStartLevel(Program.HEADLESS_LEVEL);
    try (LiveRun run = runs.withBiosPending()) {
      outside().writeTo(jar);
      awaitOutside("is there", policy -> true);
      runs.use(run, "completion.outside");
      Files.writeString(cfg, "priority=60\n");
      awaitOutside(
          "has priority 60", policy -> "60".equals(policy.configuration().get("priority")));
      Files.delete(jar);
      long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LiveRuns.ANSWER_S);
      while (!policies.isTold() || runs.now(run).state() != RunState.SUSPENDED) {
        assertTrue("awaited in vain: " + runs.now(run), System.nanoTime() < endNs);
      }
      assertWaitsForOutside(run);
      assertEquals(
          List.of("SWAP", "SUSPEND", "RESUME", "SUSPEND"),
          LiveRuns.kinds(run.mailbox().journal().get(LiveRuns.ANSWER_S, TimeUnit.SECONDS)));
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
    Bundle bundle = InstalledBundle.named(context, WORKQUEUE);
    Bundle twin =
        context.installBundle(
            "outside:2", OutsideBundle.from(WORKQUEUE).symbolicName("example.twin").open());
    try (LiveRun run = runs.withBiosPending()) {
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
      assertEquals(RunState.PAUSED, runs.now(run).state());
      assertEquals(List.of("SUSPEND", "RESUME"), LiveRuns.kinds(runs.finish(run)));
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
  public void aPolicyThatWasBuiltOutOfTheTreeIsInstalledConfiguredAndUsed() throws Exception {
    String id = "completion.adaptive";
    assertEquals(
        List.of(id + " \"\""),
        jars.offered(EXAMPLE).stream().map(p -> p.id() + " \"" + p.refusal() + '"').toList());
    Bundle bundle = context.installBundle(EXAMPLE.toUri().toString());
    try (LiveRun run = runs.withBiosPending()) {
      bundle.start();
      int pending = runs.now(run).biosPending();
      runs.use(run, id);
      settings.set(id, Map.of("age.us", 0));
      assertEquals(RunState.PAUSED, runs.now(run).state());
      Journal journal = runs.finish(run);
      assertEquals(List.of("SWAP", "SUSPEND", "RESUME"), LiveRuns.kinds(journal));
      assertEquals(pending, journal.entries().get(0).handedOver());
      assertEquals(
          Map.of("age.us", "0", "priority", "50"), journal.entries().get(2).configuration());
    } finally {
      settings.set(id, Map.of());
      bundle.uninstall();
    }
  }
}
