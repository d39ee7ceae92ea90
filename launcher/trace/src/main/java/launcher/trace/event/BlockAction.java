package launcher.trace.event;

import java.util.Locale;

/**
 * An event of the block layer: {@code block_*} of include/trace/events/block.h, and the actions of
 * blktrace that are recorded at the same places.
 */
public enum BlockAction {
  /** A bio was submitted. */
  BIO_QUEUE('Q'),
  /** A bio was bounced to memory that the device reaches. */
  BIO_BOUNCE('B'),
  /** A bio was appended to a request. */
  BIO_BACKMERGE('M'),
  /** A bio was put before a request. */
  BIO_FRONTMERGE('F'),
  /** A bio was mapped to another device. */
  BIO_REMAP('A'),
  /** A bio ended. Blktrace has none of these for devices with requests. */
  BIO_COMPLETE(' '),
  /** A bio was split. */
  SPLIT('X'),
  /** A request was allocated. */
  GETRQ('G'),
  /** Somebody waits for a request. */
  SLEEPRQ('S'),
  /** A task began to hold its requests back. */
  PLUG('P'),
  /** A task let its requests go. */
  UNPLUG('U'),
  /** A timer let requests go, in old kernels. */
  UNPLUG_TIMER('T'),
  /** A request was given to the scheduler. */
  RQ_INSERT('I'),
  /** A request was given to the driver. */
  RQ_ISSUE('D'),
  /** A request was merged into another. */
  RQ_MERGE(' '),
  /** A request, or a part of it, was completed by the driver. */
  RQ_COMPLETE('C'),
  /** A request goes back to the queue. */
  RQ_REQUEUE('R'),
  /** A request failed. */
  RQ_ERROR(' '),
  /** A request was mapped to another device. */
  RQ_REMAP(' '),
  /** Accounting of a request began. */
  IO_START(' '),
  /** Accounting of a request ended. */
  IO_DONE(' '),
  /** A buffer became dirty. */
  DIRTY_BUFFER(' '),
  /** A buffer was used. */
  TOUCH_BUFFER(' '),
  /** A message of a scheduler or controller. */
  MESSAGE('m'),
  /** Somebody's request was aborted. */
  ABORT('a'),
  /** Data of a driver. */
  DRIVER_DATA('d');

  private final char letter;

  BlockAction(char letter) {
    this.letter = letter;
  }

  /** Blktrace's letter; a blank if it has none. Unplugging by timer is T here, UT there. */
  public char letter() {
    return letter;
  }

  /** Ftrace's name. */
  public String eventName() {
    return "block_" + name().toLowerCase(Locale.ROOT);
  }
}
