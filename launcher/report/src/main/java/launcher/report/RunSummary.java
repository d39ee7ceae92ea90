package launcher.report;

import java.util.List;

/**
 * What one run came to, as its trace tells it.
 *
 * @param endNs virtual time of the trace's last event
 * @param total all jobs together
 * @param jobs each job, in the order of their first I/Os
 * @param cache what the page cache did
 * @param completion what became of bios
 * @param cpu where CPU time went
 * @param complaints number of rules broken
 * @param suspensions how often the run was suspended because its policy had gone
 */
public record RunSummary(
    long endNs,
    JobSummary total,
    List<JobSummary> jobs,
    CacheSummary cache,
    CompletionSummary completion,
    CpuSummary cpu,
    long complaints,
    long suspensions) {
  /** Copies the jobs. */
  public RunSummary {
    jobs = List.copyOf(jobs);
  }
}
