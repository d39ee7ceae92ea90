package policies.tck.internal.deferral;

import policies.tck.TckRule;
import policies.tck.internal.CommonRules;

/**
 * The rules of a family whose policies defer items, by what they are about.
 *
 * @param common all of them
 * @param custody each item is ended once
 * @param inTask in a task
 * @param deferOnly and not by defer itself
 * @param detach the policy leaves
 * @param nothingShared runs know nothing of each other
 * @param soon each item is ended in time
 * @param hotplug of a CPU that goes or comes, too
 * @param attach the policy comes
 * @param inOrder items of one lane don't overtake each other
 * @param drains what the policy says of its own is true
 * @param deterministic twice the same
 * @param cleanContext the rules of the kernel
 */
public record DeferralRules(
    CommonRules common,
    TckRule custody,
    TckRule inTask,
    TckRule deferOnly,
    TckRule detach,
    TckRule nothingShared,
    TckRule soon,
    TckRule hotplug,
    TckRule attach,
    TckRule inOrder,
    TckRule drains,
    TckRule deterministic,
    TckRule cleanContext) {}
