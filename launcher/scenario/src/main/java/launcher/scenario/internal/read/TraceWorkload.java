package launcher.scenario.internal.read;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import launcher.scenario.Replay.Pace;
import launcher.scenario.ScenarioFiles;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;
import launcher.trace.ReadProgress;
import launcher.trace.TraceFormat;
import launcher.trace.TraceReader;
import launcher.trace.UnreadableTraceException;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.IoAction;
import launcher.trace.replay.OperationTape;
import launcher.trace.replay.ReplayLayer;
import launcher.trace.replay.ReplayRules;
import launcher.trace.replay.TapeRecorder;

/**
 * Reads a workload {@code {trace: FILE, ...}}: the operations that were recorded, and the job that
 * plays them, as a section of a job file.
 */
final class TraceWorkload {
  /** Name of the job. */
  private static final String JOB = "replay";

  private static final int TASKS_DEFAULT = 64;
  private static final int TASKS_MAX = 4_096;
  private static final double SPEED_MIN = 1e-6;
  private static final double SPEED_MAX = 1e6;

  /** How what was asked for is asked for again. */
  private enum As {
    BUFFERED("psync", ""),
    DONTCACHE("pvsync2", "uncached=1"),
    DIRECT("psync", "direct=1");

    final String engine;
    final String option;

    As(String engine, String option) {
      this.engine = engine;
      this.option = option;
    }
  }

  /** What {@code replay_skip} of fio may leave out. */
  private enum Skip {
    READ(IoAction.READ),
    WRITE(IoAction.WRITE),
    TRIM(IoAction.TRIM),
    SYNC(IoAction.SYNC);

    final IoAction action;

    Skip(IoAction action) {
      this.action = action;
    }
  }

  private final ScenarioFiles files;
  private final String folder;
  private final ReadProgress progress;
  private OperationTape tape;
  private List<String> paths = List.of();
  private Pace pace = Pace.ARRIVALS;
  private double speed = 1;
  private int tasks;
  private final List<String> notes = new ArrayList<>();

  TraceWorkload(ScenarioFiles files, String folder, ReadProgress progress) {
    this.files = files;
    this.folder = folder;
    this.progress = progress;
  }

  /** The operations; only after {@link #read} had something. */
  OperationTape tape() {
    return tape;
  }

  /** What a reader of the results has to know. */
  List<String> notes() {
    List<String> all = new ArrayList<>(tape.notes());
    all.addAll(notes);
    return all;
  }

  /** The path of each target. */
  List<String> paths() {
    return paths;
  }

  /** When operations are issued. */
  Pace pace() {
    return pace;
  }

  /** What times are divided by. */
  double speed() {
    return speed;
  }

  /** The job file; empty if anything is wrong, which is told then. */
  JobText read(Section section) {
    JobText text = new JobText();
    Path path = Path.of(folder).resolve(section.text("trace").orElse(""));
    Optional<TraceFormat> format = format(section);
    ReplayRules rules = rules(section);
    Optional<As> as = section.word("as", As.class);
    Optional<Pace> wantedPace = section.word("pace", Pace.class);
    speed(section);
    OptionalLong tasks = section.number("tasks", Unit.COUNT, 1, TASKS_MAX);
    boolean strict = section.flag("strict").orElse(false);
    section.refuseUnknown();
    if (!files.exists(path.toString())) {
      section.wrong("trace", "there is no file '" + path + "'");
    }
    if (!section.problems().isEmpty()) {
      return text;
    }
    TraceReader reader =
        TraceReader.of(path.toString(), () -> files.open(path.toString())).telling(progress);
    reader = strict ? reader.strictly() : reader;
    reader = format.isPresent() ? reader.as(format.get()) : reader;
    if (record(section, reader, rules) && settle(section, wantedPace, tasks)) {
      boolean device = tape.ofDevice() && as.orElse(As.DIRECT) == As.DIRECT;
      name(device);
      job(section, text, as.orElse(tape.ofDevice() ? As.DIRECT : As.BUFFERED));
    }
    return text;
  }

  /** How the operations are made again; false if that can't be. */
  private boolean settle(Section section, Optional<Pace> wanted, OptionalLong number) {
    Pace usual = !tape.timed() ? Pace.NONE : tape.paused() ? Pace.GAPS : Pace.ARRIVALS;
    pace = wanted.orElse(usual);
    if (!tape.timed() && pace != Pace.NONE) {
      section.wrong(
          "pace", "is " + Section.wordOf(pace) + "; the trace has no times: leave it out");
      return false;
    }
    tasks = (int) number.orElse(pace == Pace.ARRIVALS ? TASKS_DEFAULT : 1);
    if (pace != Pace.ARRIVALS && tasks != 1) {
      section.wrong("tasks", "is " + tasks + "; only pace: arrivals has more than one task");
      return false;
    }
    if (!tape.timed()) {
      notes.add("the trace has no times: each operation follows the one before");
    }
    return true;
  }

  private boolean record(Section section, TraceReader reader, ReplayRules rules) {
    try {
      Optional<OperationTape> recorded = new TapeRecorder(reader, rules).record();
      if (recorded.isEmpty()) {
        section.wrong("trace", "was not read to its end, as it was interrupted");
      }
      tape = recorded.orElse(null);
      return recorded.isPresent();
    } catch (UnreadableTraceException e) {
      section.wrong("trace", e.getMessage());
      return false;
    } catch (IOException e) {
      section.wrong("trace", reader.name() + ": can't be read: " + e.getMessage());
      return false;
    }
  }

  private static Optional<TraceFormat> format(Section section) {
    Optional<String> word = section.text("format");
    Optional<TraceFormat> format = word.flatMap(TraceFormat::of);
    if (word.isPresent() && format.isEmpty()) {
      section.wrong(
          "format", "there is no format '" + word.get() + "'", "there are: " + TraceFormat.ids());
    }
    return format;
  }

  private void speed(Section section) {
    Optional<String> text = section.text("speed");
    if (text.isEmpty()) {
      return;
    }
    try {
      speed = Double.parseDouble(text.get());
    } catch (NumberFormatException e) {
      speed = 0;
    }
    if (!(speed >= SPEED_MIN && speed <= SPEED_MAX)) {
      section.wrong(
          "speed", "'" + text.get() + "'; it must be a number above 0, as 2 for twice as fast");
    }
  }

  private static ReplayRules rules(Section section) {
    OptionalInt device = OptionalInt.empty();
    Optional<String> number = section.text("device");
    if (number.isPresent()) {
      int parsed = DeviceNumber.parse(number.get());
      if (parsed == DeviceNumber.NONE) {
        section.wrong("device", "'" + number.get() + "'; it must be MAJOR:MINOR, as 254:0");
      } else {
        device = OptionalInt.of(parsed);
      }
    }
    Set<IoAction> skip = EnumSet.noneOf(IoAction.class);
    section.words("skip", Skip.class).forEach(word -> skip.add(word.action));
    long scale = section.number("scale", Unit.COUNT, 1, Integer.MAX_VALUE).orElse(1);
    long align = section.number("align", Unit.BYTES, 1, 1L << 40).orElse(1);
    if (Long.bitCount(align) != 1) {
      section.wrong("align", "is " + align + "; it must be a power of two");
    }
    Optional<ReplayLayer> layer = section.word("layer", ReplayLayer.class);
    return new ReplayRules(device, layer, skip, scale, align, false, true);
  }

  private void name(boolean device) {
    List<String> named = new ArrayList<>();
    tape.targets().forEach(target -> named.add((device ? "/dev/" : "") + target.name()));
    paths = named;
  }

  private void job(Section section, JobText text, As as) {
    List<String> lines = new ArrayList<>(List.of("[" + JOB + "]"));
    boolean reads = tape.targets().stream().anyMatch(target -> target.read());
    boolean writes = tape.targets().stream().anyMatch(target -> target.written());
    lines.add("rw=" + (reads && writes ? "randrw" : writes ? "randwrite" : "randread"));
    lines.add("ioengine=" + as.engine);
    if (!as.option.isEmpty()) {
      lines.add(as.option);
    }
    // What is worked on comes from the tape; a section has to have a file and a size all the same.
    lines.add("filename=" + JOB);
    lines.add("size=4096");
    lines.add("numjobs=" + tasks);
    lines.add("group_reporting=1");
    lines.add("invalidate=0");
    lines.forEach(line -> text.add(section.originOf("trace"), line));
  }
}
