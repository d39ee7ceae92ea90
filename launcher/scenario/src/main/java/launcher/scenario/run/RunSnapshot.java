package launcher.scenario.run;

import java.util.List;

/**
 * A run between two instants. Immutable: may be read on any thread.
 *
 * @param state where the run is
 * @param nowNs its virtual time
 * @param policies the policy of each family, in the order of the families
 * @param bytesDone bytes that the jobs have read and written
 * @param bytesPlanned bytes that they will; -1 if that is unknown
 * @param cachedPages pages of files in the page cache
 * @param dirtyPages those of them that are dirty
 * @param writebackPages those of them under writeback
 * @param biosPending bios whose end is deferred, or waits for a policy
 * @param biosInUse bios that were allocated and not freed
 * @param complaints broken rules so far
 * @param message why it is suspended or failed; empty otherwise
 */
public record RunSnapshot(
    RunState state,
    long nowNs,
    List<PolicySeatSnapshot> policies,
    long bytesDone,
    long bytesPlanned,
    long cachedPages,
    long dirtyPages,
    long writebackPages,
    int biosPending,
    long biosInUse,
    long complaints,
    String message) {
  /** Copies the list. */
  public RunSnapshot {
    policies = List.copyOf(policies);
  }

  /** The same run, held by its user. */
  RunSnapshot paused() {
    return as(RunState.PAUSED, message);
  }

  /** The same run, whose thread does not come back. */
  RunSnapshot abandoned(String why) {
    return as(RunState.FAILED, why);
  }

  private RunSnapshot as(RunState newState, String newMessage) {
    return new RunSnapshot(
        newState,
        nowNs,
        policies,
        bytesDone,
        bytesPlanned,
        cachedPages,
        dirtyPages,
        writebackPages,
        biosPending,
        biosInUse,
        complaints,
        newMessage);
  }
}
