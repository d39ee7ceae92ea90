package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Calls of a run's layers by threads that don't drive it. Each was refused when it was made; the
 * run hears of it between two instants, once for each policy.
 */
final class ForeignCalls {
  /**
   * A call.
   *
   * @param code whose it was
   * @param thread name of the thread that called
   */
  record Call(PolicyCode code, String thread) {}

  private final FamilySeats seats;
  private final Map<PolicyCode, Call> untold = new ConcurrentHashMap<>();
  private final Set<PolicyCode> told = ConcurrentHashMap.newKeySet();

  ForeignCalls(FamilySeats seats) {
    this.seats = seats;
  }

  /**
   * Notes a call. On the thread that made it.
   *
   * @param policyId whose it is if its stack doesn't tell
   */
  void refused(String policyId) {
    Thread thread = Thread.currentThread();
    seats
        .culprit(thread.getStackTrace())
        .map(FamilySeats.Culprit::code)
        .or(
            () ->
                seats.codes().stream().filter(code -> code.policyId().equals(policyId)).findFirst())
        .filter(told::add)
        .ifPresent(code -> untold.put(code, new Call(code, thread.getName())));
  }

  /** What was not taken yet. On the run's thread. */
  List<Call> take() {
    if (untold.isEmpty()) {
      return List.of();
    }
    List<Call> calls = new ArrayList<>(untold.values());
    calls.forEach(call -> untold.remove(call.code()));
    return calls;
  }
}
