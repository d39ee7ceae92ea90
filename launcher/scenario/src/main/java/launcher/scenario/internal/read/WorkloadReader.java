package launcher.scenario.internal.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import launcher.fio.FioFiles;
import launcher.fio.FioHost;
import launcher.fio.FioParseResult;
import launcher.fio.FioParser;
import launcher.fio.FioProblem;
import launcher.fio.OptionUse;
import launcher.fio.job.FioJob;
import launcher.scenario.MemoryGroup;
import launcher.scenario.MemorySpec;
import launcher.scenario.Problem;
import launcher.scenario.Replay;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.Workload;
import launcher.scenario.tree.Origin;
import launcher.scenario.tree.Problems;
import launcher.scenario.tree.Section;
import launcher.scenario.tree.TreeNode;
import launcher.trace.ReadProgress;

/** Reads the {@code workload}: a list of entries, a job file, or the text of one. */
final class WorkloadReader {
  private static final String KEY = "workload";
  private static final int PAGE_BYTES = 4096;

  /** Name of a job file that is not there as a file. */
  private static final String MADE_UP = "workload.fio";

  private final ScenarioFiles files;
  private final String folder;
  private final int cpus;
  private final MemorySpec memory;
  private final Problems problems;
  private final ReadProgress progress;
  private final List<Replay> replays = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * A reader for one machine.
   *
   * @param files where job files are read from
   * @param folder where relative names of job files begin; empty for the current folder
   * @param progress is told how far a trace is read
   */
  WorkloadReader(
      ScenarioFiles files,
      String folder,
      int cpus,
      MemorySpec memory,
      ReadProgress progress,
      Problems problems) {
    this.progress = progress;
    this.files = files;
    this.folder = folder;
    this.cpus = cpus;
    this.memory = memory;
    this.problems = problems;
  }

  Workload read(Section root) {
    root.require(
        KEY, "list what the tasks do, or name a job file: {fio: FILE}, or a trace: {trace: FILE}");
    Optional<TreeNode> node = root.node(KEY);
    List<FioJob> jobs = List.of();
    if (node.isPresent() && node.get() instanceof TreeNode.Items) {
      JobText text = new InlineJobs(memory.groups()).read(root);
      jobs = text.isEmpty() ? List.of() : parseText(text, Map.of());
    } else if (node.isPresent()) {
      jobs = root.section(KEY).map(this::readKeys).orElse(List.of());
    }
    if (jobs.isEmpty() && problems.isEmpty()) {
      root.wrong(KEY, "holds no job; it must have at least one");
    }
    IologWorkload iologs = new IologWorkload(files, folder, progress, problems);
    replays.addAll(iologs.read(jobs));
    notes.addAll(iologs.notes());
    return new Workload(jobs, replays, notes);
  }

  private List<FioJob> readKeys(Section section) {
    return section.keys().contains("trace") ? readTrace(section) : readFio(section);
  }

  private List<FioJob> readTrace(Section section) {
    TraceWorkload trace = new TraceWorkload(files, folder, progress);
    JobText text = trace.read(section);
    List<FioJob> jobs = text.isEmpty() ? List.of() : parseText(text, Map.of());
    if (!jobs.isEmpty()) {
      List<Integer> indexes = IntStream.range(0, jobs.size()).boxed().toList();
      replays.add(new Replay(indexes, trace.tape(), trace.paths(), trace.pace(), trace.speed()));
      notes.addAll(trace.notes());
    }
    return jobs;
  }

  private List<FioJob> readFio(Section section) {
    Map<String, String> environment = new LinkedHashMap<>();
    section
        .section("environment")
        .ifPresent(
            values ->
                values
                    .keys()
                    .forEach(name -> values.text(name).ifPresent(v -> environment.put(name, v))));
    // As they are in a file, or as on fio's command line.
    List<String> options =
        section.texts("options").stream().map(option -> option.replaceFirst("^--", "")).toList();
    Optional<String> file = section.text("fio");
    Optional<String> text = section.text("fio-text");
    section.refuseUnknown();
    if (file.isPresent() == text.isPresent()) {
      problems.add(
          section.origin(), KEY, "must have one of fio: FILE, fio-text: TEXT, trace: FILE");
      return List.of();
    }
    if (text.isPresent()) {
      // A block of text begins on the line after its key.
      Origin origin = section.originOf("fio-text");
      JobText made = new JobText();
      text.get().lines().forEach(line -> made.add(origin, line));
      return parseText(made, environment);
    }
    Path path = Path.of(folder).resolve(file.get());
    if (!files.exists(path.toString())) {
      section.wrong("fio", "there is no file '" + path + "'");
      return List.of();
    }
    FioParseResult result =
        parser(environment, Map.of()).parse(List.of(path.toString()), options).get(0);
    for (FioProblem problem : result.problems()) {
      problems.add(new Problem(problem.position().toString(), "", problem.message()));
    }
    for (OptionUse use : result.refused()) {
      problems.add(new Problem(use.position().toString(), "[" + use.job() + "]", refusal(use)));
    }
    return accepted(result, environment);
  }

  private List<FioJob> parseText(JobText text, Map<String, String> environment) {
    FioParseResult result = parser(environment, Map.of(MADE_UP, text.text())).parse(MADE_UP);
    for (FioProblem problem : result.problems()) {
      Origin origin = text.origin(problem.position().line());
      problems.add(origin, KEY, problem.message());
    }
    for (OptionUse use : result.refused()) {
      problems.add(text.origin(use.position().line()), KEY, refusal(use));
    }
    return accepted(result, environment);
  }

  private static String refusal(OptionUse use) {
    return use.setting() + ": " + use.why();
  }

  private List<FioJob> accepted(FioParseResult result, Map<String, String> environment) {
    result.ignored().forEach(use -> notes.add("ignored: " + use));
    for (String name : result.environmentNames()) {
      String value = environment.containsKey(name) ? environment.get(name) : System.getenv(name);
      notes.add("environment: " + name + (value == null ? " is not set" : "=" + value));
    }
    noteNewGroups(result.jobs());
    for (FioJob job : result.jobs()) {
      for (int cpu : job.scheduling().cpus()) {
        if (cpu >= cpus) {
          problems.add(
              new Problem(
                  job.identity().file() + ":" + job.identity().line(),
                  "[" + job.name() + "]",
                  "runs on CPU " + cpu + "; the machine has CPUs 0 to " + (cpus - 1)));
        }
      }
    }
    return result.jobs();
  }

  private void noteNewGroups(List<FioJob> jobs) {
    List<String> known = memory.groups().stream().map(MemoryGroup::name).toList();
    jobs.stream()
        .flatMap(job -> job.scheduling().cgroup().stream())
        .distinct()
        .filter(name -> !known.contains(name))
        .forEach(
            name ->
                notes.add(
                    "cgroup=" + name + ": has no limit, as the scenario's groups do not name it"));
  }

  private FioParser parser(Map<String, String> environment, Map<String, String> texts) {
    FioHost host =
        new FioHost(
            cpus,
            memory.sizeBytes() >> 20,
            PAGE_BYTES,
            name ->
                Optional.ofNullable(
                    environment.containsKey(name) ? environment.get(name) : System.getenv(name)));
    return new FioParser(host, new JobFiles(files, texts));
  }

  /** Job files as they are, and those that are made up. */
  private record JobFiles(ScenarioFiles files, Map<String, String> texts) implements FioFiles {
    @Override
    public Optional<byte[]> read(String name) {
      if (texts.containsKey(name)) {
        return Optional.of(texts.get(name).getBytes(StandardCharsets.UTF_8));
      }
      if (!files.exists(name)) {
        return Optional.empty();
      }
      try {
        return Optional.of(files.read(name));
      } catch (IOException e) {
        throw new UncheckedIOException(name + " can't be read", e);
      }
    }

    @Override
    public boolean isDirectory(String name) {
      return true;
    }
  }
}
