package launcher.fio.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import launcher.fio.FioCheck;
import launcher.fio.FioFiles;
import launcher.fio.FioHost;
import launcher.fio.FioParseResult;
import launcher.fio.ShowCommand;
import launcher.fio.job.FioJob;

/** Reads the files of one command line, each twice: option by option, and with all checks. */
public final class CommandLineReader {
  private final FioHost host;
  private final FioFiles files;

  /** A reader for one machine. */
  public CommandLineReader(FioHost host, FioFiles files) {
    this.host = host;
    this.files = files;
  }

  /** See {@link launcher.fio.FioParser#parse(List, List)}. */
  public List<FioParseResult> read(List<String> names, List<String> options) {
    List<FioParseResult> results = new ArrayList<>();
    FilePass.Numbering dryNumbering = new FilePass.Numbering();
    FilePass.Numbering numbering = new FilePass.Numbering();
    for (String name : names) {
      List<String> defaults = results.isEmpty() ? options : List.of();
      FilePass dry = pass(false, dryNumbering, defaults, !results.isEmpty());
      dry.run(name);
      FilePass full = pass(true, numbering, defaults, !results.isEmpty());
      full.run(name);
      results.add(result(name, dry, full));
      if (!full.verdict().accept()) {
        break;
      }
    }
    return results;
  }

  private FilePass pass(
      boolean checking, FilePass.Numbering numbering, List<String> options, boolean stonewall) {
    FilePass pass = new FilePass(host, files, checking, numbering, new JobSettings(), stonewall);
    pass.setDefaults(options);
    return pass;
  }

  private static FioParseResult result(String name, FilePass dry, FilePass full) {
    UseClassifier classifier = new UseClassifier();
    full.drafts.forEach(classifier::add);
    List<FioJob> jobs = new ArrayList<>();
    if (full.verdict().accept()) {
      for (JobDraft draft : full.drafts) {
        if (!classifier.refuses(draft)) {
          JobBuilder.engine(draft.engine())
              .ifPresent(engine -> jobs.addAll(new JobBuilder(draft, engine).build()));
        }
      }
    }
    return new FioParseResult(
        name,
        dry.verdict(),
        new ShowCommand(dry.verdict().exit(), dry.command.toString()),
        dry.sections,
        new FioCheck(full.verdict(), full.lines),
        full.environmentNames.stream().collect(Collectors.toList()),
        full.problems,
        jobs,
        classifier.uses());
  }
}
