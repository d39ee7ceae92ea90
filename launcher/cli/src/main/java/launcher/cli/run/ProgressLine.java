package launcher.cli.run;

import launcher.report.Figures;
import launcher.scenario.Scenario;
import launcher.scenario.run.RunSnapshot;

/** How far a run is, in a line. */
public final class ProgressLine {
  private ProgressLine() {}

  /** Name, share, virtual time, bytes. */
  public static String of(Scenario scenario, RunSnapshot now) {
    StringBuilder line = new StringBuilder(scenario.name()).append(": ");
    double share = share(scenario, now);
    if (share >= 0) {
      line.append(Figures.percent(Math.min(1, share), 1)).append(", ");
    }
    line.append(Figures.time(now.nowNs())).append(" of virtual time, ");
    line.append(Figures.bytes(now.bytesDone())).append(" done");
    return line.toString();
  }

  /** From 0 to 1, by whichever end is nearer; negative if neither is known. */
  public static double share(Scenario scenario, RunSnapshot now) {
    double share = -1;
    if (now.bytesPlanned() > 0) {
      share = (double) now.bytesDone() / now.bytesPlanned();
    }
    if (scenario.durationNs() > 0) {
      share = Math.max(share, (double) now.nowNs() / scenario.durationNs());
    }
    return share;
  }
}
