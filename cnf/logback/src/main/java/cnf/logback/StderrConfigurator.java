package cnf.logback;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Logs warnings to stderr, because stdout is for results; {@code -Ddeferlab.log=DEBUG} logs more.
 *
 * <p>Logback finds it by {@code META-INF/services} in its own class loader, of which this fragment
 * is a part.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class StderrConfigurator extends ContextAwareBase implements Configurator {
  /** The Log Service's name for what that bundle logs. */
  private static final String EVENT_ADMIN = "LogService.org.apache.felix.eventadmin";

  private static final String FILE_INSTALL = "LogService.org.apache.felix.fileinstall";

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{28}: %msg%n");
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(System.getProperty("deferlab.log"), Level.WARN));
    root.addAppender(appender);
    // It warns of events in its queue when the framework stops under it, and of nothing else here.
    context.getLogger(EVENT_ADMIN).setLevel(Level.ERROR);
    // The shell tells what becomes of the files in its folder, in words of its own.
    context.getLogger(FILE_INSTALL).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
