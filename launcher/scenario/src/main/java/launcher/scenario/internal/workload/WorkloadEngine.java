package launcher.scenario.internal.workload;

import block.bio.BlockDevice;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import launcher.fio.job.FioJob;
import launcher.fio.job.IoEngine;
import launcher.fio.sequence.FileLayout;
import launcher.fio.sequence.IoOperations;
import launcher.fio.sequence.IoSequence;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.Replay;
import launcher.scenario.Workload;
import mm.core.PageCache;
import mm.core.ReadAdvice;
import mm.core.file.OpenFile;
import mm.core.writeback.BackingDevice;
import sim.kernel.Machine;
import sim.kernel.machine.Cost;
import sim.kernel.workqueue.Workqueue;

/**
 * The jobs of a scenario on a simulated machine. Each I/O is traced as {@code io_submit} and {@code
 * io_complete}, from which reports fold everything.
 */
public final class WorkloadEngine {
  private final RunParts parts;
  private final List<FioJob> jobs;
  private final WorkloadFiles files;
  private final JobControl control;
  private final List<IoOperations> sequences = new ArrayList<>();
  private final List<JobThread> threads = new ArrayList<>();
  private final List<ReplayClock> clocks = new ArrayList<>();
  private final Map<Integer, List<String>> paths = new HashMap<>();
  private final Set<String> notes = new LinkedHashSet<>();
  private long plannedBytes;
  private long shmemWriteoutNs;

  /**
   * Settles what the jobs do and to which files; makes nothing yet.
   *
   * @param groups the control group of each job
   * @throws IllegalArgumentException if a job can't be run, with its place and the nearest that can
   */
  public WorkloadEngine(
      Machine machine,
      PageCache cache,
      BackingDevice backingDevice,
      BlockDevice device,
      FileSystemSpec fileSystem,
      Workload workload,
      JobGroups groups) {
    Workqueue directWork =
        machine
            .workqueues()
            .alloc(
                "dio/" + device.name(),
                Workqueue.ACTIVE_DEFAULT,
                EnumSet.of(Workqueue.Flag.MEM_RECLAIM));
    parts =
        new RunParts(
            machine, cache, backingDevice, device, directWork, fileSystem.directEnd(), groups);
    jobs = workload.jobs();
    files = new WorkloadFiles(parts, fileSystem);
    control = new JobControl(machine, jobs);
    ReplayClock[] replays = replays(workload);
    for (int i = 0; i < jobs.size(); i++) {
      FioJob job = jobs.get(i);
      refuse(job);
      if (replays[i] != null) {
        planReplay(job, i, replays[i]);
        continue;
      }
      FileLayout layout = FileLayout.of(job, files);
      sequences.add(IoSequence.of(job, files));
      if (WorkloadFiles.hasFiles(job)) {
        files.plan(job, layout);
      }
      plan(job, layout.sizeBytes());
      note(job);
    }
  }

  /** The clock of each job; null for those that play no trace. */
  private ReplayClock[] replays(Workload workload) {
    ReplayClock[] replays = new ReplayClock[jobs.size()];
    for (Replay replay : workload.replays()) {
      ReplayClock clock = new ReplayClock(replay);
      clocks.add(clock);
      replay.jobs().forEach(index -> replays[index] = clock);
    }
    return replays;
  }

  /** What the files of all jobs have at most, bytes. */
  public long fileBytes() {
    return files.totalBytes();
  }

  private void planReplay(FioJob job, int index, ReplayClock clock) {
    Replay replay = clock.replay();
    boolean writes = replay.tape().targets().stream().anyMatch(target -> target.written());
    boolean syncs = writes && (job.sync().endFsync() || job.sync().fsyncOnClose());
    int closing = syncs ? replay.paths().size() : 0;
    sequences.add(new ReplayedOperations(clock, job.files().invalidate(), closing));
    paths.put(index, replay.paths());
    if (replay.jobs().get(0) == index) {
      if (WorkloadFiles.hasFiles(job)) {
        files.plan(job, replay);
      }
      plannedBytes += plannedBytes < 0 ? 0 : replay.tape().totalBytes();
      noteDevices(replay.paths());
    }
  }

  /** Has a driver write the jobs' shared memory out every so often; 0 for never. */
  public void setShmemWriteout(long everyNs) {
    shmemWriteoutNs = everyNs;
  }

  private void refuse(FioJob job) {
    if (job.flags().polled() && parts.machine().costNs(Cost.BIO_POLL) == 0) {
      throw new IllegalArgumentException(
          WorkloadFiles.where(job)
              + "hipri=1: a look at the completion queue costs nothing, so that polling never ends;"
              + " give the machine a bio-poll above 0");
    }
    if (job.rw().trims()) {
      throw new IllegalArgumentException(
          WorkloadFiles.where(job)
              + "rw="
              + job.rw().word()
              + ": devices have no discard; nearest: rw="
              + (job.rw().random() ? "randwrite" : "write"));
    }
  }

  private void plan(FioJob job, long sizeBytes) {
    if (job.time().timeBased() || plannedBytes < 0) {
      plannedBytes = -1;
      return;
    }
    long ioSize = job.size().ioSize().bytes();
    plannedBytes += (ioSize != 0 ? ioSize : sizeBytes) * job.size().loops();
  }

  private void note(FioJob job) {
    if (job.engine() == IoEngine.MMAP && job.files().transparentHugePages()) {
      notes.add("thp=1: files are mapped in pages of 4 KiB all the same, as no huge page is made");
    }
    noteDevices(job.files().paths());
  }

  private void noteDevices(List<String> of) {
    for (String path : of) {
      if (files.isBlockDevice(path)) {
        notes.add(path + " stands for the simulated device " + parts.device());
      }
    }
  }

  /** Makes the files, which takes no virtual time, and the tasks; each obeys its start rule. */
  public void start() {
    files.make();
    control.setFiles(files.all());
    for (int i = 0; i < jobs.size(); i++) {
      FioJob job = jobs.get(i);
      JobThread thread = new JobThread(parts, job, sequences.get(i), open(job, i), control);
      threads.add(thread);
      control.add(thread);
    }
    control.start();
    List<WorkFile> shared = files.sharedMemory();
    if (shmemWriteoutNs > 0 && !shared.isEmpty()) {
      new ShmemDriver(parts, control, shared, shmemWriteoutNs).start();
    }
  }

  private JobFile[] open(FioJob job, int index) {
    if (!WorkloadFiles.hasFiles(job)) {
      return new JobFile[0];
    }
    JobCalls calls = JobCalls.of(job);
    List<String> names = paths.getOrDefault(index, job.files().paths());
    JobFile[] opened = new JobFile[names.size()];
    for (int i = 0; i < opened.length; i++) {
      WorkFile file = files.file(names.get(i));
      OpenFile open = new OpenFile(file.mapping, calls.openFlags());
      open.advise(advice(job));
      opened[i] = new JobFile(file, open);
    }
    return opened;
  }

  /** {@code fadvise_hint}; page cache that is not to be used again is none of readahead's. */
  private static ReadAdvice advice(FioJob job) {
    return switch (job.files().readAheadHint()) {
      case SEQUENTIAL -> ReadAdvice.SEQUENTIAL;
      case RANDOM -> ReadAdvice.RANDOM;
      case NONE, NOREUSE -> ReadAdvice.NORMAL;
    };
  }

  /**
   * Tells every job that its time is over, as when fio's runtime has passed: what is in flight
   * completes and closing fsyncs follow. Jobs that have not begun never do.
   */
  public void stop() {
    control.stop();
  }

  /** Whether every job has ended and nothing of it is in flight. */
  public boolean isEnded() {
    return control.isEnded();
  }

  /** Has {@code action} run once, in the middle of an event, when the last job ends. */
  public void onEnd(Runnable action) {
    control.onEnd(action);
  }

  /** Bytes read and written so far. */
  public long bytesDone() {
    long sum = 0;
    for (JobThread thread : threads) {
      sum += thread.completedBytes();
    }
    return sum;
  }

  /** Bytes that all jobs together will move; -1 if only time ends them. */
  public long bytesPlanned() {
    return plannedBytes;
  }

  /** What a reader of the results has to know. */
  public List<String> notes() {
    List<String> all = new ArrayList<>(notes);
    for (JobThread thread : threads) {
      if (!thread.failure().isEmpty()) {
        all.add("job " + thread + ": " + thread.failure());
      }
    }
    clocks.stream().map(ReplayClock::note).filter(note -> !note.isEmpty()).forEach(all::add);
    return all;
  }
}
