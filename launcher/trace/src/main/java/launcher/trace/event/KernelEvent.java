package launcher.trace.event;

import org.osgi.annotation.versioning.ProviderType;

/** An event of ftrace that is not the block layer's. */
@ProviderType
public interface KernelEvent {
  /** The value of a field that the line does not have. */
  long ABSENT = Long.MIN_VALUE;

  /** What happened. */
  EventKind kind();

  /**
   * A number; of a text field the number of its name.
   *
   * @return {@link #ABSENT} if the line does not have it
   */
  long value(EventField field);

  /** The text of a text field, the same object for the same text; empty if it is not there. */
  String text(EventField field);

  /** What stands after the event's colon, as it is. Makes a new string. */
  String args();

  /** Whether the line has a field. */
  default boolean has(EventField field) {
    return value(field) != ABSENT;
  }

  /** The device, or {@link DeviceNumber#NONE}. */
  default int device() {
    long device = value(EventField.DEVICE);
    return device == ABSENT ? DeviceNumber.NONE : (int) device;
  }
}
