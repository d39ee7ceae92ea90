package cnf.logging;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.osgi.service.log.Logger;
import org.osgi.service.log.admin.LoggerAdmin;
import org.osgi.service.log.admin.LoggerContext;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Hands the entries of the OSGi Log Service to SLF4J, and so to Logback, which does all filtering.
 *
 * <p>It stands in for org.apache.felix.logback 1.0.6, which with this Logback drops every entry
 * without a word. It is immediate because nobody asks for a listener.
 */
@Component(
    immediate = true,
    service = {})
public final class LogServiceToSlf4j implements LogListener {
  /** How SCR says that a component's constructor threw. */
  private static final String REFUSAL = "Error during instantiation of the implementation object";

  /** How the framework says the same to whoever wants the component's service. */
  private static final String NO_SERVICE = "Service factory returned null. (Component: ";

  private final LogReaderService reader;

  /** Sets the Log Service's root level to INFO, because DEBUG shows every step of SCR. */
  @Activate
  public LogServiceToSlf4j(@Reference LogReaderService reader, @Reference LoggerAdmin admin) {
    this.reader = reader;
    // Logback configures itself here and now, else in a race with the first entry's thread.
    LoggerFactory.getILoggerFactory();
    LoggerContext root = admin.getLoggerContext(null);
    var levels = root.getLogLevels();
    levels.put(Logger.ROOT_LOGGER_NAME, LogLevel.INFO);
    root.setLogLevels(levels);
    reader.addLogListener(this);
  }

  @Deactivate
  void stop() {
    reader.removeLogListener(this);
  }

  @Override
  public void logged(LogEntry entry) {
    Level level = isRefusal(entry) ? Level.DEBUG : levelOf(entry.getLogLevel());
    var builder = LoggerFactory.getLogger(entry.getLoggerName()).atLevel(level);
    if (entry.getException() != null) {
      builder = builder.setCause(entry.getException());
    }
    String origin = entry.getBundle() == null ? "" : entry.getBundle().getSymbolicName() + ": ";
    builder.log("{}{}", origin, entry.getMessage());
  }

  /** A component that throws is told by whoever asks SCR, with its reason and no stack trace. */
  private static boolean isRefusal(LogEntry entry) {
    Throwable thrown = entry.getException();
    return String.valueOf(entry.getMessage()).endsWith(REFUSAL)
        || thrown != null && String.valueOf(thrown.getMessage()).contains(NO_SERVICE);
  }

  private static Level levelOf(LogLevel level) {
    return switch (level) {
      case AUDIT, ERROR -> Level.ERROR;
      case WARN -> Level.WARN;
      case INFO -> Level.INFO;
      case DEBUG -> Level.DEBUG;
      default -> Level.TRACE;
    };
  }
}
