package launcher.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import launcher.report.Counters;
import launcher.scenario.run.PolicySeatSnapshot;
import launcher.scenario.run.RunSnapshot;
import launcher.scenario.run.RunState;
import org.junit.jupiter.api.Test;

class StatsTextTest {
  private static final RunSnapshot NOW =
      new RunSnapshot(
          RunState.RUNNING,
          20_000_000,
          List.of(
              new PolicySeatSnapshot("completion", "completion.workqueue", false, 3, 0),
              new PolicySeatSnapshot("eviction", "eviction.batched", false, 0, 0)),
          0,
          -1,
          512,
          256,
          1,
          3,
          5,
          0,
          "");

  @Test
  void ratesAreASecondOfVirtualTimeAndSpeedIsOfWallTime() {
    Counters before = new Counters(10, 1 << 20, 0, 0, 0, 90, 0, 0);
    Counters after = new Counters(60, 3 << 20, 0, 0, 0, 97, 0, 0);
    // 50 I/Os and 2 MiB in 10 ms are 5,000 and 200 MiB a second; 10 ms in 2 s are 0.005.
    assertEquals(
        "20.0 ms 0.00500 5,000 200 MiB/s 2.00 MiB 1.00 MiB 4.00 KiB 3/0 7",
        StatsText.line(NOW, 10_000_000, 2_000_000_000L, after.since(before))
            .strip()
            .replaceAll(" +", " "));
  }

  @Test
  void aClockThatStandsHasNoRates() {
    assertEquals(
        "20.0 ms 0.00 - - 2.00 MiB 1.00 MiB 4.00 KiB 3/0 0",
        StatsText.line(NOW, 0, 1_000_000_000L, Counters.NONE).strip().replaceAll(" +", " "));
  }

  @Test
  void pendingIsToldByPolicy() {
    String text = StatsText.of(NOW, new Counters(50, 2 << 20, 8, 7, 1024, 7, 6, 5));
    assertEquals(
        List.of(
            "time        running at 20 ms",
            "I/Os        50, 2,500 /s; 2.00 MiB, 100 MiB/s",
            "page cache  cached 2.00 MiB, dirty 1.00 MiB, under writeback 4.00 KiB, dropped 4.00 MiB",
            "bios        8 submitted, 7 deferred, 5 in flight",
            "pending     completion.workqueue 3, eviction.batched 0",
            "CPUs        7 worker wake-ups, 6 context switches, 5 interrupts"),
        text.lines().toList());
  }
}
