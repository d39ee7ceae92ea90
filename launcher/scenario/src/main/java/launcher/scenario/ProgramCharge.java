package launcher.scenario;

/**
 * What the programs of a memory control group have charged to it before their first I/O, beside the
 * pages of the files that they work on.
 *
 * @param keptBytes anonymous, shared and kernel memory, and files in use: it stays charged
 * @param idleFileBytes clean pages of their files that nobody uses: reclaim takes them first
 */
public record ProgramCharge(long keptBytes, long idleFileBytes) {
  /** Nothing is charged. */
  public static final ProgramCharge NONE = new ProgramCharge(0, 0);

  /** Both together. */
  public long bytes() {
    return keptBytes + idleFileBytes;
  }
}
