package launcher.itest;

import static org.junit.Assert.assertEquals;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.options;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.inject.Inject;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.log.LogReaderService;
import org.osgi.service.log.LogService;

/** Logback has what is logged by SLF4J and by the Log Service. */
@RunWith(PaxExam.class)
public class LoggingIT {
  @Inject private BundleContext context;
  @Inject private LogService log;
  @Inject private LogReaderService reader;

  @Configuration
  public Option[] program() {
    return options(Program.headless(), junitBundles());
  }

  @Test
  public void bothWaysOfLoggingComeToLogback() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CountDownLatch delivered = new CountDownLatch(1);
    PrintStream before = System.err;
    try (PrintStream err = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(err);
      slf4j("said by SLF4J");
      // Listeners are told one after the other, the bridge before this one.
      reader.addLogListener(entry -> delivered.countDown());
      log.getLogger("a.logger").warn("said by the Log Service");
      delivered.await(30, TimeUnit.SECONDS);
    } finally {
      System.setErr(before);
    }
    assertEquals(
        List.of("said by SLF4J", "said by the Log Service"),
        bytes
            .toString(StandardCharsets.UTF_8)
            .lines()
            .map(line -> line.replaceFirst(".*(said by .*)", "$1"))
            .toList());
  }

  /** By the SLF4J of the framework, which the test's bundle does not import. */
  private void slf4j(String message) throws Exception {
    for (Bundle bundle : context.getBundles()) {
      if (bundle.getSymbolicName().equals("slf4j.api")) {
        Class<?> factory = bundle.loadClass("org.slf4j.LoggerFactory");
        Object logger = factory.getMethod("getLogger", String.class).invoke(null, "a.logger");
        Method warn = bundle.loadClass("org.slf4j.Logger").getMethod("warn", String.class);
        warn.invoke(logger, message);
      }
    }
  }
}
