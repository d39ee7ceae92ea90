package launcher.scenario.internal.workload;

import mm.core.file.OpenFile;

/**
 * A file as one job has it open.
 *
 * @param file what is open
 * @param open its readahead state and flags
 */
record JobFile(WorkFile file, OpenFile open) {}
