package launcher.cli.shell;

import java.util.List;
import launcher.report.TextTable;
import launcher.report.TextTable.Side;
import launcher.scenario.policy.PolicyFamily;
import launcher.scenario.policy.PolicyLookup;
import launcher.scenario.policy.RefusedPolicy;
import launcher.scenario.policy.RegisteredPolicy;
import launcher.scenario.run.PolicySeatSnapshot;
import org.apache.felix.service.command.Descriptor;

/** The shell's commands about policies: the scope {@code policy}. */
public final class PolicyCommands {
  static final String SCOPE = "policy";
  static final String[] FUNCTIONS = {"list", "use"};

  private final Simulations simulations;
  private final PolicyLookup policies;

  PolicyCommands(Simulations simulations, PolicyLookup policies) {
    this.simulations = simulations;
    this.policies = policies;
  }

  /** {@code policy:list}. */
  @Descriptor("lists the policies, which of them the run uses, and what is refused and why")
  public String list() {
    List<PolicySeatSnapshot> seats = simulations.selected().mailbox().snapshot().policies();
    TextTable table = new TextTable().column("", Side.LEFT).column("policy", Side.LEFT);
    table.column("what it does", Side.LEFT).column("bundle", Side.LEFT);
    for (RegisteredPolicy policy : policies.registered()) {
      boolean inUse =
          seats.stream().anyMatch(s -> !s.missing() && s.policyId().equals(policy.id()));
      table.row().cell(inUse ? "*" : "").cell(policy.id());
      table.cell(policy.description()).cell(policy.bundle());
    }
    StringBuilder text = new StringBuilder(table.text(false));
    for (PolicySeatSnapshot seat : seats) {
      if (seat.missing()) {
        text.append("missing: ").append(seat.policyId()).append('\n');
      }
    }
    for (RefusedPolicy refused : policies.refused()) {
      text.append("refused: ").append(refused.id()).append(" (").append(refused.reason());
      text.append(")\n");
    }
    return text.toString().stripTrailing();
  }

  /** {@code policy:use completion rt-thread}. */
  @Descriptor("puts a policy in use: what is pending is handed over at one virtual time")
  public String use(
      @Descriptor("family: completion, dropbehind, writeback or eviction") String family,
      @Descriptor("name of the policy, with or without its family") String name)
      throws Exception {
    PolicyFamily<?> found = PolicyNames.family(family);
    return StatusText.line(
        LiveSimulation.answer(simulations.selected().mailbox().use(found, found.idOf(name))));
  }
}
