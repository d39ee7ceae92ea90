package mm.core.spi.mapping;

import org.osgi.annotation.versioning.ConsumerType;
import sim.kernel.Exec;

/**
 * What the block layer offers to a task that is about to submit many bios. Models {@code
 * blk_start_plug} and {@code blk_finish_plug}; the page cache calls them where the kernel's does.
 */
@ConsumerType
public interface IoPlug {
  /** No block layer below, or one that does not plug. */
  IoPlug NONE =
      new IoPlug() {
        @Override
        public void start(Exec x) {
          // There is nothing to hold back.
        }

        @Override
        public void finish(Exec x) {
          // Nothing was held back.
        }
      };

  /** Holds back what the current task submits from now on; nests. Ends in the current step. */
  void start(Exec x);

  /** Submits what was held back. A step function; may sleep. */
  void finish(Exec x);
}
