/** The completion policy rtthread: per-CPU SCHED_FIFO kthread. */
package policies.completion.rtthread;
