package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractMap.SimpleEntry;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.ops4j.pax.exam.nat.internal.NativeTestContainer;
import org.ops4j.pax.exam.spi.DefaultExamSystem;
import org.ops4j.pax.exam.spi.PaxExamRuntime;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/**
 * The framework is stopped in the middle of a live run. The test stands outside of it, since its
 * own classes would go with it.
 */
public class FrameworkStopIT {
  private static final long STOP_MS = 60_000;

  private static final String SCENARIO =
      """
      scenario: s
      filesystem: {type: block-device, folio-order: 0}
      workload: [{writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}}]
      """;

  private static final String SCRIPT =
      """
      sim:step 500 us
      policy:use completion rt-thread
      sim:step 200 us
      sim:speed 0.001
      sim:resume
      stop 0
      sim:await
      """;

  @Rule public final TemporaryFolder folder = new TemporaryFolder();

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.getRoot().toPath().resolve(name), text);
  }

  @Test
  public void theRunIsSavedAndItsReplayInANewFrameworkHasItsDigest() throws Exception {
    Path saved = folder.getRoot().toPath().resolve("journal");
    String scenario = file("s.yaml", SCENARIO).toString();
    String script = file("script", SCRIPT).toString();
    NativeTestContainer container = started();
    try {
      String printed =
          call(
              container,
              0,
              "shell",
              scenario,
              "--paused",
              "--script",
              script,
              "--journal",
              saved.toString());
      assertTrue(printed, printed.contains("  partial: ended at 7"));
      FrameworkEvent end = ((Framework) container.getSystemBundle()).waitForStop(STOP_MS);
      assertEquals(FrameworkEvent.STOPPED, end.getType());
    } finally {
      container.stop();
    }
    String journal = Files.readString(saved);
    assertTrue(journal, journal.contains("\nat 500000 ns, after record "));
    assertTrue(journal, journal.contains(": swap completion completion.rt-thread, "));
    assertTrue(journal, journal.contains(": stop\n"));
    Files.delete(Path.of(scenario));
    container = started();
    try {
      String digest =
          call(container, 1, "run", "--replay", saved.toString(), "--digest", "--quiet");
      assertTrue(digest + journal, journal.contains("\ndigest: " + digest));
    } finally {
      container.stop();
    }
  }

  private static NativeTestContainer started() throws Exception {
    NativeTestContainer container =
        (NativeTestContainer)
            PaxExamRuntime.createContainer(DefaultExamSystem.create(options(Program.headless())));
    container.start();
    return container;
  }

  /** What bnd's launcher does: publishes the arguments, and calls what is marked for it. */
  private static String call(NativeTestContainer container, int status, String... arguments)
      throws Exception {
    BundleContext context = container.getSystemBundle().getBundleContext();
    Map<String, Object> properties = Map.of("launcher.arguments", arguments);
    context.registerService(
        Object.class, new SimpleEntry<>(properties, arguments), new Hashtable<>(properties));
    Awaited.until(context, "the program", () -> !programs(context).isEmpty());
    Callable<?> program = context.getService(programs(context).get(0));
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream before = System.out;
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      assertEquals(status, program.call());
    } finally {
      System.setOut(before);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("rawtypes")
  private static List<ServiceReference<Callable>> programs(BundleContext context) {
    try {
      return List.copyOf(context.getServiceReferences(Callable.class, "(main.thread=true)"));
    } catch (InvalidSyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
