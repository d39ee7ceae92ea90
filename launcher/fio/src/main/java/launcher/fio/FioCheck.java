package launcher.fio;

import java.util.List;

/**
 * What fio makes of a file once it has looked at how the options go together.
 *
 * @param verdict whether the file passes
 * @param jobs those set up before the first error, or all; clones are not listed
 */
public record FioCheck(FioVerdict verdict, List<JobLine> jobs) {
  /** Copies the list. */
  public FioCheck {
    jobs = List.copyOf(jobs);
  }

  /**
   * The line fio prints when it sets up a job.
   *
   * @param name of the job
   * @param group its reporting group
   * @param rw its mode
   * @param bsRead smallest and largest block of reads, rounded as fio prints them
   * @param bsWrite of writes
   * @param bsTrim of trims
   * @param ioengine its engine
   * @param iodepth its depth
   */
  public record JobLine(
      String name,
      int group,
      String rw,
      String bsRead,
      String bsWrite,
      String bsTrim,
      String ioengine,
      long iodepth) {}
}
