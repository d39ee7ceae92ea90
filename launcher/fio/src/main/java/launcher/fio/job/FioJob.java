package launcher.fio.job;

import java.util.Optional;

/**
 * One thread of work: a job section, or one of its {@code numjobs} clones, after fio's fix-up.
 *
 * <p>Every part is a value of its own so that a simulator can hand each to whoever needs it. What a
 * job issues, operation by operation, comes from {@code launcher.fio.sequence.IoSequence}; when it
 * may issue it follows from {@link #start}, {@link #time}, {@link #rates} and {@link #thinkTime}.
 *
 * @param identity which section and clone this is
 * @param start what the job waits for before its first I/O
 * @param time how long it runs
 * @param rw the data directions and whether offsets are random
 * @param rwMixReadPercent share of reads in a mixed job, 0 to 100
 * @param engine how system calls are made
 * @param cache whether the page cache is used
 * @param flags per-request flags of the engine
 * @param queue how many I/Os are in flight and how they are batched
 * @param size how much is issued and where
 * @param blockSizes the length of each I/O
 * @param files what it is issued to
 * @param offsets how the place of the next I/O is chosen
 * @param sync when data is made durable
 * @param rates upper bounds on throughput
 * @param thinkTime pauses between I/Os
 * @param scheduling CPUs, priorities and control group
 * @param iolog the log that it plays in place of all that
 * @param reporting how results are grouped and which are wanted
 */
public record FioJob(
    JobIdentity identity,
    StartRule start,
    RunTime time,
    RwMode rw,
    int rwMixReadPercent,
    IoEngine engine,
    CacheMode cache,
    RequestFlags flags,
    QueueDepth queue,
    JobSize size,
    BlockSizes blockSizes,
    JobFiles files,
    OffsetRules offsets,
    SyncRules sync,
    Rates rates,
    ThinkTime thinkTime,
    Scheduling scheduling,
    Optional<IologReplay> iolog,
    Reporting reporting) {

  /** The name that fio prints: {@code name=}, or else that of the section. */
  public String name() {
    return identity.name();
  }
}
