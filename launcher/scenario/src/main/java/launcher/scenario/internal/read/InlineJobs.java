package launcher.scenario.internal.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import launcher.scenario.MemoryGroup;
import launcher.scenario.Unit;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.Suggestion;
import launcher.scenario.tree.TreeNode;

/**
 * Turns the entries of an inline workload into a fio job file, so that there is one kind of job:
 * each entry is a section, each of its keys an option.
 */
final class InlineJobs {
  private static final long NS_PER_US = 1_000;
  private static final long CLONES_MAX = 10_000;

  /** What an entry does. */
  private enum Kind {
    WRITER("write", "randwrite"),
    READER("read", "randread"),
    MIXED("rw", "randrw");

    final String sequential;
    final String random;

    Kind(String sequential, String random) {
      this.sequential = sequential;
      this.random = random;
    }
  }

  /** Order of offsets. */
  private enum Access {
    SEQUENTIAL,
    RANDOM
  }

  /** What is behind the pages that a job works on. */
  private enum Backing {
    FILE(""),
    SHMEM("/dev/shm"),
    ANONYMOUS("/anonymous");

    final String folder;

    Backing(String folder) {
      this.folder = folder;
    }
  }

  /** How a job's calls go past the usual path. */
  private enum Flag {
    DONTCACHE("uncached=1"),
    DIRECT("direct=1"),
    SYNC("sync=sync"),
    DSYNC("sync=dsync"),
    NOWAIT("nowait=1");

    final String option;

    Flag(String option) {
      this.option = option;
    }
  }

  private final List<String> groups;
  private final JobText text = new JobText();
  private final Map<String, Integer> names = new LinkedHashMap<>();

  InlineJobs(List<MemoryGroup> groups) {
    this.groups = groups.stream().map(MemoryGroup::name).toList();
  }

  /** The job file. */
  JobText read(Section root) {
    for (TreeNode item : root.items("workload")) {
      root.inner(item, "workload").ifPresent(this::readEntry);
    }
    return text;
  }

  private void readEntry(Section entry) {
    List<String> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      String word = Section.wordOf(kind);
      kinds.add(word);
      if (entry.keys().contains(word)) {
        entry.section(word).ifPresent(section -> readJob(section, kind));
      }
    }
    kinds.forEach(entry::node);
    entry.refuseUnknown();
  }

  private void readJob(Section job, Kind kind) {
    String name = unique(job.text("name").orElse(Section.wordOf(kind)));
    text.add(job.origin(), "[" + name + "]");
    Access access = job.word("access", Access.class).orElse(Access.SEQUENTIAL);
    add(job, "access", "rw=" + (access == Access.RANDOM ? kind.random : kind.sequential));
    List<Flag> flags = job.words("flags", Flag.class);
    boolean dontcache = flags.contains(Flag.DONTCACHE) || flags.contains(Flag.NOWAIT);
    Backing backing = job.word("backing", Backing.class).orElse(Backing.FILE);
    String usual = backing != Backing.FILE ? "mmap" : dontcache ? "pvsync2" : "psync";
    add(job, "engine", "ioengine=" + job.text("engine").orElse(usual));
    flags.forEach(flag -> add(job, "flags", flag.option));
    job.require("io-size", "say how much one call transfers");
    number(job, "io-size", Unit.BYTES, "bs=");
    if (!job.keys().contains("file-size") && !job.keys().contains("total-size")) {
      job.require("file-size", "say how large the job's files are together");
    }
    number(job, "file-size", Unit.BYTES, "size=");
    number(job, "total-size", Unit.BYTES, "io_size=");
    number(job, "files", Unit.COUNT, "nrfiles=");
    readFiles(job, backing);
    if (kind == Kind.MIXED) {
      number(job, "reads", Unit.PERCENT, "rwmixread=");
    }
    readPlace(job);
    readPace(job);
    readSync(job);
    job.section("fio-options").ifPresent(this::readOptions);
    job.refuseUnknown();
  }

  private void readFiles(Section job, Backing backing) {
    Optional<String> file = job.text("file");
    if (file.isPresent() && backing == Backing.ANONYMOUS) {
      job.wrong("file", "is set; anonymous memory has no name, and no two jobs share it");
      return;
    }
    file.ifPresent(name -> add(job, "file", "filename=" + name));
    if (backing != Backing.FILE) {
      add(job, "backing", "directory=" + backing.folder);
    }
  }

  private void readPlace(Section job) {
    number(job, "cpu", Unit.COUNT, "cpus_allowed=");
    List<String> cpus = job.texts("cpus");
    if (!cpus.isEmpty()) {
      add(job, "cpus", "cpus_allowed=" + String.join(",", cpus));
    }
    number(job, "nice", Unit.COUNT, "nice=");
    job.text("group").ifPresent(group -> addGroup(job, group));
    OptionalLong count = job.number("count", Unit.COUNT, 1, CLONES_MAX);
    if (count.isPresent()) {
      add(job, "count", "numjobs=" + count.getAsLong());
    }
    number(job, "depth", Unit.COUNT, "iodepth=");
  }

  private void addGroup(Section job, String group) {
    if (groups.contains(group)) {
      add(job, "group", "cgroup=" + group);
    } else if (groups.isEmpty()) {
      job.wrong(
          "group",
          "there is no group '" + group + "'",
          "give it one: 'groups: {" + group + ": {}}'");
    } else {
      job.wrong("group", "there is no group '" + group + "'", Suggestion.lines(group, groups));
    }
  }

  private void readPace(Section job) {
    number(job, "rate", Unit.BYTES_PER_SECOND, "rate=");
    number(job, "rate-ios", Unit.PER_SECOND, "rate_iops=");
    time(job, "think-time", "thinktime=");
    number(job, "think-every", Unit.COUNT, "thinktime_blocks=");
    time(job, "start-delay", "startdelay=");
    time(job, "runtime", "runtime=");
    if (job.flag("repeat").orElse(false)) {
      // Without an end of its own the job goes on until the scenario's duration is over.
      if (!job.keys().contains("runtime")) {
        add(job, "repeat", "runtime=365d");
      }
      add(job, "repeat", "time_based=1");
    }
    if (job.flag("after-earlier").orElse(false)) {
      add(job, "after-earlier", "stonewall");
    }
  }

  private void readSync(Section job) {
    number(job, "fsync-every", Unit.COUNT, "fsync=");
    number(job, "fdatasync-every", Unit.COUNT, "fdatasync=");
    if (job.flag("end-fsync").orElse(false)) {
      add(job, "end-fsync", "end_fsync=1");
    }
  }

  private void readOptions(Section options) {
    for (String key : options.keys()) {
      options.text(key).ifPresent(value -> add(options, key, key + "=" + value));
    }
  }

  private void number(Section job, String key, Unit unit, String option) {
    long min = key.equals("nice") ? -20 : 0;
    OptionalLong value = job.number(key, unit, min, Long.MAX_VALUE);
    if (value.isPresent()) {
      add(job, key, option + value.getAsLong());
    }
  }

  private void time(Section job, String key, String option) {
    OptionalLong ns = job.number(key, Unit.NANOSECONDS, 0, Long.MAX_VALUE);
    if (ns.isEmpty()) {
      return;
    }
    if (ns.getAsLong() % NS_PER_US != 0) {
      job.wrong(
          key,
          "'"
              + Unit.NANOSECONDS.format(ns.getAsLong())
              + "'; it must be a whole number of us, as a job's times are");
      return;
    }
    add(job, key, option + ns.getAsLong() / NS_PER_US + "us");
  }

  private void add(Section job, String key, String line) {
    Origin origin = job.originOf(key);
    text.add(origin, line);
  }

  private String unique(String name) {
    int count = names.merge(name, 1, Integer::sum);
    return count == 1 ? name : name + "-" + count;
  }
}
