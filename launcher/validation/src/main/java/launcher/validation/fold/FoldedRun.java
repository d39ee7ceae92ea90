package launcher.validation.fold;

import launcher.report.RunSummary;

/**
 * What a run came to.
 *
 * @param counts what a tracer counts
 * @param summary what its jobs report
 * @param filePages pages of its jobs' files
 */
public record FoldedRun(KernelFold counts, RunSummary summary, long filePages) {}
