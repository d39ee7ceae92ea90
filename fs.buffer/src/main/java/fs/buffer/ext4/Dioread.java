package fs.buffer.ext4;

/** Mount option {@code dioread_nolock} or {@code dioread_lock}: what newly allocated blocks are. */
public enum Dioread {
  /** The default since 5.6: unwritten until their data is on the device and a worker says so. */
  NOLOCK,
  /** Written at once; with a journal, a commit waits until their data is on the device. */
  LOCK
}
