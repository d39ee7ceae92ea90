package mm.core;

/** Error numbers of the kernel's interface; step functions hand them back negated. */
public final class Errno {
  /** Input/output error. */
  public static final int EIO = 5;

  /** The call would have to wait, and was told not to. */
  public static final int EAGAIN = 11;

  /** Out of memory. */
  public static final int ENOMEM = 12;

  /** In use. */
  public static final int EBUSY = 16;

  /** Invalid argument. */
  public static final int EINVAL = 22;

  /** No space left on the device. */
  public static final int ENOSPC = 28;

  /** Read-only file system. */
  public static final int EROFS = 30;

  /** Not supported by this file. */
  public static final int EOPNOTSUPP = 95;

  private Errno() {}
}
