package mm.core.reclaim;

/** The hierarchy that the memory controller is in, which says who holds back a group's writers. */
public enum CgroupVersion {
  /**
   * The legacy hierarchy: a group has neither a flusher nor dirty thresholds of its own; its
   * reclaimers wait for writeback instead.
   */
  V1,

  /** The default hierarchy: flushers and thresholds for each group, {@code CGROUP_WRITEBACK}. */
  V2
}
