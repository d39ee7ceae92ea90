package launcher.scenario.internal.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import launcher.fio.job.FioJob;
import launcher.fio.job.IologReplay;
import launcher.scenario.Problem;
import launcher.scenario.Replay;
import launcher.scenario.Replay.Pace;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.tree.Problems;
import launcher.trace.ReadProgress;
import launcher.trace.TraceFormat;
import launcher.trace.TraceReader;
import launcher.trace.event.IoAction;
import launcher.trace.replay.OperationTape;
import launcher.trace.replay.ReplayRules;
import launcher.trace.replay.TapeRecorder;
import launcher.trace.replay.TapeTarget;

/** Reads the logs that jobs play by {@code read_iolog}. Jobs of the same log share its tape. */
final class IologWorkload {
  private final ScenarioFiles files;
  private final String folder;
  private final ReadProgress progress;
  private final Problems problems;
  private final Map<IologReplay, Optional<OperationTape>> tapes = new HashMap<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * A reader of logs.
   *
   * @param folder where relative names begin, as those of job files
   */
  IologWorkload(ScenarioFiles files, String folder, ReadProgress progress, Problems problems) {
    this.files = files;
    this.folder = folder;
    this.progress = progress;
    this.problems = problems;
  }

  /** What a reader of the results has to know. */
  List<String> notes() {
    return notes;
  }

  /** The log of each job that has one. */
  List<Replay> read(List<FioJob> jobs) {
    List<Replay> replays = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      FioJob job = jobs.get(i);
      Optional<IologReplay> iolog = job.iolog();
      if (iolog.isEmpty()) {
        continue;
      }
      IologReplay rules = iolog.get();
      Optional<OperationTape> tape = tapes.computeIfAbsent(rules, asked -> record(job, asked));
      if (tape.isPresent()) {
        Pace pace = rules.noStall() ? Pace.NONE : Pace.GAPS;
        double speed = rules.timeScalePercent() / 100.0;
        replays.add(new Replay(List.of(i), tape.get(), paths(tape.get(), rules), pace, speed));
      }
    }
    return replays;
  }

  private Optional<OperationTape> record(FioJob job, IologReplay rules) {
    String name = Path.of(folder).resolve(rules.file()).toString();
    if (!files.exists(name)) {
      problem(job, "read_iolog=" + rules.file() + ": there is no file '" + name + "'");
      return Optional.empty();
    }
    TraceReader reader = TraceReader.of(name, () -> files.open(name)).telling(progress);
    try {
      TraceFormat format = reader.format();
      if (format != TraceFormat.IOLOG_V2
          && format != TraceFormat.IOLOG_V3
          && format != TraceFormat.BLKTRACE) {
        problem(
            job,
            name
                + ": is "
                + format.id()
                + "; fio reads its own logs and blktrace's binary ones: deferlab replay plays it");
        return Optional.empty();
      }
      Optional<OperationTape> tape = new TapeRecorder(reader, rules(rules)).record();
      tape.ifPresent(recorded -> recorded.notes().forEach(note -> notes.add(name + ": " + note)));
      if (tape.isEmpty()) {
        problem(job, name + ": was not read to its end, as it was interrupted");
      }
      return tape;
    } catch (IOException e) {
      problem(job, e.getMessage());
      return Optional.empty();
    }
  }

  private void problem(FioJob job, String what) {
    String where = job.identity().file() + ":" + job.identity().line();
    problems.add(new Problem(where, "[" + job.name() + "]", what));
  }

  private static ReplayRules rules(IologReplay of) {
    Set<IoAction> skip = EnumSet.noneOf(IoAction.class);
    of.skip().forEach(word -> skip.add(IoAction.valueOf(word.name())));
    boolean redirected = of.redirect().isPresent();
    return new ReplayRules(
        OptionalInt.empty(),
        Optional.empty(),
        skip,
        of.scale(),
        of.alignBytes(),
        redirected,
        false);
  }

  private static List<String> paths(OperationTape tape, IologReplay rules) {
    List<String> paths = new ArrayList<>();
    for (TapeTarget target : tape.targets()) {
      String name = tape.ofDevice() ? "/dev/" + target.name() : rules.folder() + target.name();
      paths.add(rules.redirect().map(file -> rules.folder() + file).orElse(name));
    }
    return paths;
  }
}
