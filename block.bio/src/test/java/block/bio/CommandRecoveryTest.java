package block.bio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import block.bio.device.CommandFate;
import block.bio.device.DeviceFaults;
import block.bio.device.DeviceParameter;
import block.bio.device.DeviceProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.Cost;
import sim.kernel.machine.MachineProfile;
import sim.kernel.trace.Tracepoint;

/**
 * Commands that are not answered, or not heard of, on a machine on which nothing costs time. The
 * device takes 100 us, the time-out is 10 ms, a tick 4 ms: a time-out of a request issued at 0 is
 * due at 10 ms and found at the next tick, at 12 ms. An abort takes 100 us, a reset 1 s.
 */
class CommandRecoveryTest {
  private static final MachineProfile FREE =
      MachineProfile.ofCpus(1).withoutCosts().with(Cost.WORKER_WAKEUP, 0);

  private static final DeviceProfile DEVICE =
      BlockRig.PLAIN.with(DeviceParameter.CHANNELS, 8).with(DeviceParameter.IO_TIMEOUT, 10_000_000);

  /** Fates and delays of the first commands; later ones are ordinary. */
  private static final class Scripted implements DeviceFaults {
    CommandFate fate = CommandFate.ANSWERED;
    int fates;
    long irqDelayNs;
    int irqDelays;
    long extraNs;
    int extras;
    BlkStatus status = BlkStatus.OK;

    static Scripted losing(CommandFate fate, int count) {
      Scripted faults = new Scripted();
      faults.fate = fate;
      faults.fates = count;
      return faults;
    }

    static Scripted interrupting(long delayNs, int count) {
      Scripted faults = new Scripted();
      faults.irqDelayNs = delayNs;
      faults.irqDelays = count;
      return faults;
    }

    static Scripted slower(long extraNs, int count) {
      Scripted faults = new Scripted();
      faults.extraNs = extraNs;
      faults.extras = count;
      return faults;
    }

    @Override
    public BlkStatus outcome(BioOp op, long sector, int sizeBytes) {
      return status;
    }

    @Override
    public CommandFate fate(BioOp op, long sector, int sizeBytes) {
      return fates-- > 0 ? fate : CommandFate.ANSWERED;
    }

    @Override
    public long interruptDelayNs(BioOp op, long sector, int sizeBytes) {
      return irqDelays-- > 0 ? irqDelayNs : 0;
    }

    @Override
    public long extraNs(BioOp op, long sector, int sizeBytes, long ordinaryNs) {
      return extras-- > 0 ? extraNs : 0;
    }
  }

  private static BlockRig rig(DeviceProfile device, DeviceFaults faults) {
    BlockRig rig = new BlockRig(FREE, device);
    rig.device.setFaults(faults);
    return rig;
  }

  private static List<String> endOf(DeviceProfile device, DeviceFaults faults) {
    BlockRig rig = rig(device, faults);
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertFalse(rig.device.isBusy());
    assertEquals(0, rig.layer.bios().inUse());
    return rig.log;
  }

  @Test
  void aLostCommandIsAbortedAndIssuedAgain() {
    // Aborted from 12 ms to 12.1 ms; its second command takes 100 us.
    assertEquals(List.of("a@12200000"), endOf(DEVICE, Scripted.losing(CommandFate.LOST, 1)));
  }

  @Test
  void aLostAbortResetsTheController() {
    // Aborted at 12 ms, which gives it until 22 ms; reset at the tick of 24 ms, done at 1024 ms.
    assertEquals(
        List.of("a@1024100000"), endOf(DEVICE, Scripted.losing(CommandFate.LOST_WITH_ABORT, 1)));
  }

  @Test
  void aRequestThatIsLostAgainAndAgainFails() {
    // Aborted at 12 ms, again issued at 12.1 ms; due at 22.1 ms, aborted at 24 ms, given up.
    assertEquals(
        List.of("a@24100000 IOERR"),
        endOf(DEVICE.with(DeviceParameter.MAX_RETRIES, 1), Scripted.losing(CommandFate.LOST, 9)));
  }

  @Test
  void aDriverThatFailsRequestsEndsThemWithTimeout() {
    DeviceProfile nullBlk = DEVICE.with(DeviceParameter.TIMEOUT_HANDLER, 2);
    assertEquals(
        List.of("a@12000000 TASK TIMEOUT"), endOf(nullBlk, Scripted.losing(CommandFate.LOST, 1)));
  }

  @Test
  void withoutATimeoutHandlerALostCommandNeverEnds() {
    BlockRig rig =
        rig(DEVICE.with(DeviceParameter.TIMEOUT_HANDLER, 3), Scripted.losing(CommandFate.LOST, 1));
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of(), rig.log);
    assertTrue(rig.device.isBusy());
  }

  @Test
  void aLostInterruptIsFoundByTheTimeoutWhichPolls() {
    BlockRig rig = rig(DEVICE, Scripted.interrupting(DeviceFaults.NEVER, 1));
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@12000000 TASK"), rig.log);
    assertEquals(
        "nvme0n1: 1 requests timed out: 1 completions polled, 0 aborts, 0 resets;"
            + " 0 issued again, 0 failed, 0 late answers ignored",
        rig.device.recoveryNote().orElse(""));
  }

  @Test
  void theNextInterruptOfTheQueueTakesALostOneAlong() {
    BlockRig rig = rig(DEVICE, Scripted.interrupting(DeviceFaults.NEVER, 1));
    rig.task(
        0, rig.submit(rig.write("a", 0)), x -> x.charge(50_000), rig.submit(rig.write("b", 100)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@150000", "b@150000"), rig.log);
  }

  @Test
  void aLateInterruptComesLate() {
    assertEquals(List.of("a@130000"), endOf(DEVICE, Scripted.interrupting(30_000, 1)));
  }

  @Test
  void anAnswerToACommandThatWasGivenUpEndsNothing() {
    // The first command answers at 15.1 ms. By then it was aborted, at 12.1 ms, and the second is
    // in flight; that is aborted at 24.1 ms (due 22.1, tick 24), before its answer at 27.2 ms.
    // The third takes 100 us.
    BlockRig rig = rig(DEVICE, Scripted.slower(15_000_000, 2));
    rig.task(0, rig.submit(rig.write("a", 0)));
    rig.machine.runToIdle();
    assertEquals(List.of("a@24200000"), rig.log);
    assertEquals(
        "nvme0n1: 2 requests timed out: 0 completions polled, 2 aborts, 0 resets;"
            + " 2 issued again, 0 failed, 2 late answers ignored",
        rig.device.recoveryNote().orElse(""));
  }

  @Test
  void aResetTakesWhatIsInFlightWithIt() {
    // b is issued at 11.95 ms and would end at 12.05 ms; the reset of 12 ms comes before that, and
    // what it answers then is for nobody.
    BlockRig rig =
        rig(DEVICE.with(DeviceParameter.TIMEOUT_HANDLER, 1), Scripted.losing(CommandFate.LOST, 1));
    rig.task(
        0,
        rig.submit(rig.write("a", 0)),
        x -> rig.machine.timers().sleep(x, 11_950_000),
        rig.submit(rig.write("b", 100)),
        x -> rig.machine.timers().sleep(x, 100_000_000),
        rig.submit(rig.write("c", 200))); // Waits for the end of the reset.
    rig.machine.runToIdle();
    assertEquals(List.of("a@1012100000", "b@1012100000", "c@1012100000"), rig.log);
    assertEquals(
        List.of("0+8@12000000", "100+8@12000000"),
        rig.trace.stream()
            .filter(line -> line.startsWith("block_rq_requeue"))
            .map(line -> line.substring("block_rq_requeue ".length()))
            .toList());
    assertEquals(0, rig.layer.bios().inUse());
  }

  @Test
  void aSlowPlaceKeepsItsChannelBusy() {
    BlockRig rig = rig(DEVICE.with(DeviceParameter.CHANNELS, 1), Scripted.slower(1_000_000, 1));
    rig.task(0, rig.submit(rig.write("a", 0)), rig.submit(rig.write("b", 100)));
    rig.machine.runToIdle();
    // a: 100 us and 1 ms more; its channel is free at 1 ms, and b takes 100 us from there.
    assertEquals(List.of("a@1100000", "b@1100000"), rig.log);
  }

  @Test
  void aLostFlushTimesOutAsAnyOther() {
    DeviceProfile cached = DEVICE.with(DeviceParameter.FLUSH_LATENCY, 200_000);
    BlockRig rig = rig(cached, Scripted.losing(CommandFate.LOST, 1));
    rig.task(0, rig.device::flush, x -> rig.log.add(x.result() + "@" + x.nowNs()));
    rig.machine.runToIdle();
    assertEquals(List.of("0@12300000"), rig.log);
  }

  @Test
  void aFlushThatFailsFailsWhatWaitsForIt() {
    Scripted faults = new Scripted();
    faults.status = BlkStatus.IOERR;
    BlockRig rig = rig(DEVICE.with(DeviceParameter.FLUSH_LATENCY, 200_000), faults);
    Bio bio = rig.write("a", 0);
    bio.set(ReqFlag.PREFLUSH);
    rig.task(0, rig.submit(bio));
    rig.machine.runToIdle();
    // Without its flush the data is not written.
    assertEquals(List.of("a@200000 IOERR"), rig.log);
    assertEquals(List.of("0+0@0"), rig.traced(Tracepoint.BLOCK_RQ_ISSUE));
  }
}
