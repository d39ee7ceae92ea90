package sim.kernel.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class KernelBuildTest {
  @Test
  void thePreemptCountFollowsFromModelDynamicBootAndDebugging() {
    // CONFIG_PREEMPTION, CONFIG_PREEMPT_COUNT.
    assertEquals("false false", counts(PreemptModel.NONE, false, false));
    assertEquals("false false", counts(PreemptModel.VOLUNTARY, false, false));
    assertEquals("false true", counts(PreemptModel.NONE, false, true));
    assertEquals("true true", counts(PreemptModel.NONE, true, false));
    assertEquals("true true", counts(PreemptModel.VOLUNTARY, true, false));
    assertEquals("true true", counts(PreemptModel.LAZY, false, false));
    assertEquals("true true", counts(PreemptModel.FULL, false, false));
    assertEquals("true true", counts(PreemptModel.RT, false, false));
  }

  private static String counts(PreemptModel preempt, boolean dynamic, boolean debug) {
    KernelBuild build = new KernelBuild(preempt, dynamic, debug, 250);
    return build.preemption() + " " + build.preemptCount();
  }
}
