package sim.kernel.hotplug;

/**
 * The numbered CPU hotplug states whose callbacks matter to deferral ({@code enum cpuhp_state}), as
 * numbered on Linux 6.18. Bring-up calls them upwards, teardown downwards.
 */
public enum CpuHotplugState {
  /** Softirqs left on the dead CPU are taken over. */
  SOFTIRQ_DEAD(14),
  /** Complete requests left on the dead CPU's BLOCK softirq list. */
  BLOCK_SOFTIRQ_DEAD(20),
  /** Free the dead CPU's cached bios. */
  BLOCK_BIO_DEAD(21),
  /** Requests that the dead CPU left to be issued are issued elsewhere. */
  BLK_MQ_DEAD(24),
  /** Release the dead CPU's buffer-head LRU. */
  BUFFER_DEAD(25),
  /** Drain the dead CPU's folio batches. */
  PAGE_ALLOC_DEAD(30),
  /** First dynamic slot of the PREPARE section; teardown runs in the controlling task. */
  BP_PREPARE_DYN(61),
  /** The CPU is started, or dead. */
  BRINGUP_CPU(83),
  /** First slot of the STARTING and DYING section: on the CPU, interrupts disabled. */
  AP_STARTING(86),
  /** The CPU leaves; its remaining interrupts go elsewhere. */
  TEARDOWN_CPU(144),
  /** No task is bound to stay on the CPU that goes; nothing is registered but on PREEMPT_RT. */
  SCHED_WAIT_EMPTY(148),
  /** Managed interrupts of devices come back; there is nothing to tear down. */
  IRQ_AFFINITY_ONLINE(150),
  /** Hardware queues whose last CPU goes are drained. */
  BLK_MQ_ONLINE(151),
  /** The watchdogs that look for lockups start and stop. */
  WATCHDOG_ONLINE(186),
  /** Workers are bound or unbound. */
  WORKQUEUE_ONLINE(187),
  /** First dynamic slot of the ONLINE section; callbacks run on the CPU's own thread. */
  AP_ONLINE_DYN(192),
  /** The scheduler uses the CPU. */
  ACTIVE(235),
  /** Fully up. */
  ONLINE(236);

  private static final int DYNAMIC_SLOTS = 21;

  private final int number;

  CpuHotplugState(int number) {
    this.number = number;
  }

  /** Position in the order of bring-up. */
  public int number() {
    return number;
  }

  /** Whether its callback may refuse on the way up: not where interrupts are disabled. */
  public boolean startupCanFail() {
    return this != BRINGUP_CPU && this != AP_STARTING && this != TEARDOWN_CPU && this != ONLINE;
  }

  /** Whether its callback may refuse on the way down: only while the CPU still runs. */
  public boolean teardownCanFail() {
    return number > IRQ_AFFINITY_ONLINE.number && this != ONLINE;
  }

  /** Numbers that this state covers: more than one for the dynamic ranges. */
  int slots() {
    return this == BP_PREPARE_DYN || this == AP_ONLINE_DYN ? DYNAMIC_SLOTS : 1;
  }
}
