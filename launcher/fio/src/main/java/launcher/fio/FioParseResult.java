package launcher.fio;

import java.util.List;
import launcher.fio.job.FioJob;

/**
 * One job file, as far as fio reads it.
 *
 * @param file as named by the caller
 * @param parse whether the options are right, one by one; {@code fio --parse-only}
 * @param showCommand the file as a command line
 * @param sections what was read
 * @param check whether they go together
 * @param environmentNames variables that the file refers to, sorted
 * @param problems what is wrong, for people
 * @param jobs every job and clone in fio's order; none unless {@code check} passes, and none of a
 *     section that has a refused option
 * @param uses what a simulation makes of each option, in order
 */
public record FioParseResult(
    String file,
    FioVerdict parse,
    ShowCommand showCommand,
    List<FioSection> sections,
    FioCheck check,
    List<String> environmentNames,
    List<FioProblem> problems,
    List<FioJob> jobs,
    List<OptionUse> uses) {
  /** Copies the lists. */
  public FioParseResult {
    sections = List.copyOf(sections);
    environmentNames = List.copyOf(environmentNames);
    problems = List.copyOf(problems);
    jobs = List.copyOf(jobs);
    uses = List.copyOf(uses);
  }

  /** The uses that forbid a simulation; it must not start unless there is none. */
  public List<OptionUse> refused() {
    return with(OptionTreatment.REFUSED);
  }

  /** The uses that a simulation does not look at, for its report. */
  public List<OptionUse> ignored() {
    return with(OptionTreatment.IGNORED);
  }

  private List<OptionUse> with(OptionTreatment treatment) {
    return uses.stream().filter(use -> use.treatment() == treatment).toList();
  }
}
