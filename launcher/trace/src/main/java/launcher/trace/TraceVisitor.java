package launcher.trace;

import launcher.trace.event.BlockEvent;
import launcher.trace.event.EventHead;
import launcher.trace.event.IoRequest;
import launcher.trace.event.KernelEvent;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes the records of a trace, in the file's order, on the thread that reads.
 *
 * <p>What a method is given holds until it returns. A method that throws ends the reading.
 */
@ConsumerType
public interface TraceVisitor {
  /**
   * Called once, before the first record.
   *
   * @param format what the file is
   * @param names the texts of all numbers that records give; grows while the file is read
   */
  default void begin(TraceFormat format, NameTable names) {}

  /** An event of the block layer: of ftrace, blkparse or blktrace. */
  default void block(EventHead head, BlockEvent event) {}

  /** Any other event of ftrace, those that have no type of their own included. */
  default void event(EventHead head, KernelEvent event) {}

  /** What a program asked for: of an iolog or a table. */
  default void request(IoRequest request) {}

  /**
   * The recorder says that it lost events here.
   *
   * @param cpu whose events, or -1 if that is not told
   * @param events how many, or 0 if that is not told
   */
  default void lost(int cpu, long events) {}
}
