package launcher.cli.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyListener;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import org.apache.felix.service.command.Descriptor;
import org.apache.felix.service.command.Parameter;

/** {@code policy:await}: a script waits for what somebody does to the deploy folder. */
public final class PolicyAwaitCommand {
  static final String[] FUNCTIONS = {"await"};

  private static final long LONGEST_WALL_S = 60;
  private static final long LOOK_WALL_MS = 20;

  /** The condition that is about the bundle, where the others are about the configuration. */
  private static final String VERSION = "bundle.version";

  private final Simulations simulations;
  private final PolicyLookup policies;

  PolicyAwaitCommand(Simulations simulations, PolicyLookup policies) {
    this.simulations = simulations;
    this.policies = policies;
  }

  /** {@code policy:await completion mine priority=60}. */
  @Descriptor("waits for a policy that comes, changes or goes, a minute of wall time at most")
  public String await(
      @Descriptor("waits until there is no such policy")
          @Parameter(names = "--gone", presentValue = "true", absentValue = "false")
          boolean gone,
      @Descriptor("waits until it refuses to work")
          @Parameter(names = "--refused", presentValue = "true", absentValue = "false")
          boolean refused,
      @Descriptor("family: completion, dropbehind, writeback or eviction") String family,
      @Descriptor("name of the policy, with or without its family") String name,
      @Descriptor("KEY=VALUE of its configuration, or bundle.version=1.2.3") String... conditions)
      throws Exception {
    PolicyFamily<?> of = PolicyNames.family(family);
    String id = of.idOf(name);
    List<Map.Entry<String, String>> wanted = new ArrayList<>();
    for (String condition : conditions) {
      String[] pair = condition.split("=", 2);
      if (pair.length < 2) {
        throw new IllegalArgumentException("'" + condition + "' is not KEY=VALUE");
      }
      wanted.add(Map.entry(pair[0], pair[1]));
    }
    Semaphore changes = new Semaphore(0);
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_WALL_S);
    try (AutoCloseable listening = policies.listen(new Told(changes))) {
      while (System.nanoTime() < endNs) {
        Optional<String> answer = gone ? gone(id) : refused ? refused(id) : there(id, wanted);
        // In this order: what is seen while it is told of may be unknown to a run.
        if (answer.isPresent() && policies.isTold()) {
          return afterItsEffect(answer.get());
        }
        // What leaves is told of before it has left.
        changes.tryAcquire(LOOK_WALL_MS, TimeUnit.MILLISECONDS);
      }
    }
    throw new IllegalStateException(
        id
            + ": in "
            + LONGEST_WALL_S
            + " s it has not come to this; it is "
            + there(id, List.of()).or(() -> refused(id)).orElse("not there"));
  }

  /** Each run has been told of it; it has taken note of it, too, when it answers what is new. */
  private String afterItsEffect(String answer) throws InterruptedException {
    for (LiveSimulation simulation : simulations.all()) {
      simulation.settled();
    }
    return answer;
  }

  private Optional<String> there(String id, List<Map.Entry<String, String>> wanted) {
    return policies.registered().stream()
        .filter(policy -> policy.id().equals(id))
        .filter(policy -> wanted.stream().allMatch(pair -> holds(policy, pair)))
        .map(policy -> id + " is there: " + policy.bundle() + " " + policy.configuration())
        .findFirst();
  }

  private static boolean holds(RegisteredPolicy policy, Map.Entry<String, String> pair) {
    return pair.getKey().equals(VERSION)
        ? policy.bundle().endsWith(" " + pair.getValue())
        : pair.getValue().equals(policy.configuration().get(pair.getKey()));
  }

  private Optional<String> refused(String id) {
    return policies.refused().stream()
        .filter(policy -> policy.id().equals(id))
        .map(RefusedPolicy::reason)
        .map(reason -> id + " is refused: " + reason)
        .findFirst();
  }

  private Optional<String> gone(String id) {
    boolean isThere = there(id, List.of()).isPresent() || refused(id).isPresent();
    return isThere ? Optional.empty() : Optional.of(id + " is gone");
  }

  /** Wakes whoever waits, whatever it was. */
  private record Told(Semaphore changes) implements PolicyListener {
    @Override
    public void arrived(PolicyFamily<?> family, String id) {
      changes.release();
    }

    @Override
    public void refused(PolicyFamily<?> family, String id) {
      changes.release();
    }

    @Override
    public void leaving(PolicyFamily<?> family, String id, Object policy) {
      changes.release();
    }
  }
}
