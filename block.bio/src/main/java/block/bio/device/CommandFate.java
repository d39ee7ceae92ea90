package block.bio.device;

/** What becomes of a command that a device has been given. */
public enum CommandFate {
  /** The device completes it. */
  ANSWERED,
  /** The device never completes it, but obeys when it is told to abort it. */
  LOST,
  /** The device never completes it, nor the command that is to abort it. */
  LOST_WITH_ABORT
}
