package block.bio;

import sim.kernel.Exec;

/** What a device's driver does with requests ({@code struct blk_mq_ops}). */
@FunctionalInterface
interface BlockDriver {
  /** {@code queue_rq}: takes a request for which there is room. Any context. */
  void queueRequest(Exec x, Request request);
}
