package mm.core.reclaim;

/** Who reclaims; ordinals are the numbers in the trace. */
enum ReclaimOrigin {
  /** The kernel's own task, ahead of need. */
  KSWAPD,
  /** A task that needs memory. */
  DIRECT,
  /** A task whose group is at its limit. */
  MEMCG
}
