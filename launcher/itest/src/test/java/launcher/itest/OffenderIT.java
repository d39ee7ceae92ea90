package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import launcher.itest.offender.NeverReturns;
import launcher.itest.offender.StepLoops;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies from outside that never come to an end: whoever runs them gets the program back. */
class OffenderIT {
  /** 512 KiB a millisecond or more: so much is done when the offender comes. */
  private static final String SCENARIO =
      """
      scenario: s
      filesystem: {type: block-device, folio-order: 0}
      workload: [{writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}}]
      """;

  @TempDir private Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(folder.resolve("s.yaml"), SCENARIO);
    Files.writeString(
        folder.resolve("swap.yaml"), SCENARIO + "swaps: [{at: 1 ms, completion: step-loops}]\n");
    OffenderBundle.write(
        folder.resolve("never.jar"), "completion.never-returns", NeverReturns.class);
    OffenderBundle.write(folder.resolve("loops.jar"), "completion.step-loops", StepLoops.class);
  }

  /** By the budget of steps at one virtual time. */
  @Test
  void aLoopOfStepsEndsTheRunWithWhatWasDoneAndItsCulprit() throws Exception {
    ProgramRun ended =
        ProgramRun.of(
            folder, folder, List.of("run", "swap.yaml", "--bundles", "loops.jar", "--json", "-"));
    assertAll(
        () -> assertEquals(1, ended.status()),
        () ->
            assertTrue(
                ended.err().startsWith("completion.step-loops: loops for ever: "), ended.err()),
        () -> assertTrue(ended.out().contains("\"failures\" : [ \"completion.step-loops: loops")),
        () -> assertTrue(ended.out().contains("\"bytes\" : 2359296,"), ended.out()));
  }

  /** By the watch, in wall time; the other run beside it comes to its end. */
  @Test
  void aCallThatNeverReturnsEndsItsRunAlone() throws Exception {
    ProgramRun ended =
        ProgramRun.with(
            List.of("-Ddeferlab.step-seconds=1"),
            folder,
            folder,
            List.of(
                "compare",
                "s.yaml",
                "--bundles",
                "never.jar",
                "--vary",
                "completion=never-returns,workqueue"));
    String culprit =
        "never-returns: completion.never-returns: did not return within 1000 ms of wall time; its"
            + " code is at launcher.itest.offender.NeverReturns";
    assertAll(
        () -> assertEquals(1, ended.status()),
        () -> assertEquals("", ended.err()),
        () -> assertTrue(ended.out().contains(culprit), ended.out()),
        () -> assertTrue(ended.out().contains("never-returns: partial: ended at "), ended.out()),
        () -> assertTrue(ended.out().contains("\nworkqueue  "), ended.out()),
        () -> assertFalse(ended.out().contains("\nworkqueue: "), ended.out()));
  }
}
