package launcher.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import launcher.cli.ListedPolicies;
import launcher.cli.Printed;
import launcher.report.RunSummary;
import launcher.report.SummarySink;
import launcher.scenario.Scenario;
import launcher.scenario.run.ComplaintReport;
import launcher.scenario.run.Journal;
import launcher.scenario.run.RunOutcome;
import launcher.scenario.run.RunState;
import org.junit.jupiter.api.Test;
import sim.kernel.ExecContext;
import sim.kernel.check.Complaint;
import sim.kernel.check.Rule;
import sim.kernel.trace.Trace;
import sim.kernel.trace.Tracepoint;

class RunReportTest {
  private static final Journal JOURNAL =
      new Journal("one", "one.yaml", 1, "0.1.0", Map.of(), "", List.of());

  private static final String SCENARIO =
      """
      scenario: one-write
      workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
      expect: {bios-lost: 0, writer: {clat-max: < 5 us}, read-clat-max: < 1 s}
      """;

  private final Printed printed = new Printed();

  private static Scenario scenario() throws Exception {
    return ScenarioFigures.reader(ListedPolicies.ofDefaults())
        .readText("one.yaml", SCENARIO, List.of());
  }

  /** One write of a page that took 7 us. */
  private static RunSummary summary() {
    Trace trace = new Trace();
    SummarySink sink = new SummarySink();
    trace.addSink(sink);
    int job = trace.name("writer");
    trace.emit(1_000, 0, Tracepoint.IO_SUBMIT, job, 1, 1, 0, 4096, 1_000);
    trace.emit(8_000, 0, Tracepoint.IO_COMPLETE, job, 1, 1, 4096, 0);
    return sink.summary();
  }

  private static FinishedRun run(boolean cutShort, List<String> invariantFailures)
      throws Exception {
    return run(cutShort, invariantFailures, List.of(), List.of());
  }

  private static FinishedRun run(
      boolean cutShort,
      List<String> invariantFailures,
      List<Complaint> complaints,
      List<ComplaintReport> reports)
      throws Exception {
    RunOutcome outcome =
        new RunOutcome(
            RunState.ENDED,
            8_000,
            cutShort,
            "",
            "",
            complaints,
            complaints.size(),
            reports,
            invariantFailures,
            List.of(),
            List.of("assumed: direct=0"),
            0);
    return new FinishedRun(scenario(), outcome, summary(), "", JOURNAL);
  }

  @Test
  void aRunIsPrintedWithItsNotesAndVerdicts() throws Exception {
    new RunReport(printed.console()).print(run(false, List.of()));
    // 4096 B in 7 us: 558.04 MiB/s and 142857 I/Os a second.
    assertEquals(
        """
        one-write: E4, 4 CPUs at 250 HZ (preempt none), 4 GiB, iomap on nvme, seed 1
          completion.workqueue, dropbehind.task-only, writeback.kick-counted, eviction.batched

        job     io     ios     bytes  throughput        iops  slat     clat      p50      p99    p99.9      max  errors
        writer  write    1  4.00 KiB   558 MiB/s  142,857 /s  0 ns  7.00 us  7.00 us  7.00 us  7.00 us  7.00 us       0

        page cache  dropped 0 B, left cached 0 B, peak cached 0 B, peak dirty 0 B, reclaimed 0 B
        bios        0 submitted, 0 ended, 0 deferred
        scheduling  0 context switches, 0 worker wake-ups, 0 hard interrupts, 0 IPIs, 0 TLB flushes

        note: assumed: direct=0

        expected                 is
        bios-lost        0       0        holds
        writer.clat-max  < 5 us  7.00 us  FAILED
        read-clat-max    < 1 s   -        FAILED
        """,
        printed.out());
    assertEquals(
        """
        one.yaml:3:43: expected writer.clat-max < 5 us; it is 7.00 us
        one.yaml:3:67: expected read-clat-max < 1 s; the run has no such figure
        """,
        printed.err());
  }

  @Test
  void aRunThatWasCutShortIsPartialAndJudgedByNothing() throws Exception {
    FinishedRun run = run(true, List.of());
    new RunReport(printed.console()).print(run);
    assertTrue(
        printed.out().contains("\n  partial: ended at 8.00 us of virtual time, jobs unfinished\n"),
        printed.out());
    assertFalse(printed.out().contains("expected"));
    assertEquals("", printed.err());
    assertFalse(run.isGood());
  }

  @Test
  void oneOfSeveralRunsIsALine() throws Exception {
    FinishedRun run = run(false, List.of("1 bio was not freed"));
    new RunLine(printed.console(), List.of(run.scenario())).print(run, false);
    assertEquals("FAILED   one-write  1 of 3 expectations hold\n", printed.out());
    assertTrue(printed.err().startsWith("1 bio was not freed\none.yaml:3:43: "), printed.err());
  }

  @Test
  void aBrokenInvariantFailsARunWhoseExpectationsHold() throws Exception {
    FinishedRun run = run(false, List.of("1 bio was not freed"));
    assertEquals("1 bio was not freed", run.failures().get(0));
    assertFalse(run.isGood());
  }

  @Test
  void theFirstComplaintOfARuleIsToldWithWhatWasAroundIt() throws Exception {
    Complaint first = complaint(1_000, 3);
    Complaint second = complaint(2_000, 3);
    String event = "[003] 0.000000900: irq:softirq_raise: vec=4";
    List<ComplaintReport> reports =
        List.of(new ComplaintReport(first, "completion.inline", List.of(event)));
    FinishedRun run = run(false, List.of(), List.of(first, second), reports);
    assertEquals(
        """
        [0.000001] BUG: sleeping function called from invalid context: might_sleep, in irq \
        (HARDIRQ, CPU 3) [2 times]
          rule sleep-in-atomic, sanitizer atomic-sleep, policy completion.inline
          last events on CPU 3:
            [003] 0.000000900: irq:softirq_raise: vec=4""",
        run.failures().get(0));
    assertFalse(run.isGood());
  }

  private static Complaint complaint(long timeNs, int cpu) {
    return new Complaint(
        Rule.SLEEP_IN_ATOMIC, timeNs, cpu, ExecContext.HARDIRQ, "irq", "might_sleep");
  }

  @Test
  void aFailureThatIsExpectedIsANoteAndItsAbsenceAFailure() throws Exception {
    String text =
        """
        scenario: one-write
        workload: [{writer: {io-size: 4 KiB, file-size: 4 KiB}}]
        expect-failure: was not freed
        """;
    Scenario scenario =
        ScenarioFigures.reader(ListedPolicies.ofDefaults()).readText("one.yaml", text, List.of());
    FinishedRun failed = of(scenario, run(false, List.of("1 bio was not freed")));
    assertTrue(failed.isGood());
    assertTrue(failed.notes().contains("fails as expected: 1 bio was not freed"));
    FinishedRun worse = of(scenario, run(false, List.of("1 bio was not freed", "a page is dirty")));
    assertFalse(worse.isGood());
    assertEquals(List.of("a page is dirty"), worse.failures());
    FinishedRun good = of(scenario, run(false, List.of()));
    assertFalse(good.isGood());
    assertEquals(
        List.of("one.yaml: expected a failure with 'was not freed'; there was none"),
        good.failures());
  }

  private static FinishedRun of(Scenario scenario, FinishedRun run) {
    return new FinishedRun(scenario, run.outcome(), run.summary(), "", JOURNAL);
  }

  @Test
  void theFactsOfAFileNameEveryVerdict() throws Exception {
    var facts = run(false, List.of()).facts();
    assertEquals("one-write", facts.get("scenario"));
    assertEquals(false, facts.get("good"));
    assertEquals(
        "[{figure=bios-lost, condition=0, value=0.0, holds=true},"
            + " {figure=writer.clat-max, condition=< 5 us, value=7000.0, holds=false},"
            + " {figure=read-clat-max, condition=< 1 s, holds=false}]",
        facts.get("expectations").toString());
  }
}
