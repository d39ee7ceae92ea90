package launcher.scenario.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import sim.kernel.Exec;
import sim.kernel.InstantOverrunException;
import sim.kernel.OopsHandler;
import sim.kernel.spi.PolicyBreachException;

/**
 * Finds whose code threw in a step of its own, on a worker, a timer or an event, and whether the
 * run can go on without it.
 *
 * <p>It can if the policy's own code threw, or the machine refused what that code asked for, or a
 * layer did before it changed anything. It can't if a layer threw that the policy had called: that
 * one stands in the middle of something.
 */
final class PolicyOopses implements OopsHandler {
  /** Where one step or event ends and what happened to call it begins. */
  private static final Set<String> LOOPS =
      Set.of(
          "sim.kernel.Cpu.loop",
          "sim.kernel.IdealRunner.loop",
          "sim.kernel.event.EventQueue.fireNext");

  private static final List<String> NEUTRAL = List.of("java.", "jdk.", "sun.", "sim.kernel.");

  private final FamilySeats seats;

  /** Takes the policy out of use, and remembers what it did. */
  private final BiConsumer<PolicyCode, String> takeOut;

  PolicyOopses(FamilySeats seats, BiConsumer<PolicyCode, String> takeOut) {
    this.seats = seats;
    this.takeOut = takeOut;
  }

  @Override
  public Predicate<Object> codeToAbandon(Exec x, Throwable thrown) {
    if (thrown instanceof OutOfMemoryError || thrown instanceof InternalError) {
      return null;
    }
    Optional<PolicyCode> found;
    String what;
    if (thrown instanceof InstantOverrunException overrun) {
      found = inTheLoop(x, overrun);
      what = "loops for ever: " + overrun.getMessage();
    } else {
      Optional<FamilySeats.Culprit> culprit = seats.culprit(ofOneStep(thrown.getStackTrace()));
      found =
          culprit
              .filter(by -> leftNothingHalfDone(thrown, by.frame()))
              .map(FamilySeats.Culprit::code);
      what = "threw " + thrown + culprit.map(by -> " at " + by.frame()).orElse("");
    }
    if (found.isEmpty()) {
      return null;
    }
    PolicyCode policy = found.get();
    takeOut.accept(policy, what);
    return code -> isOf(policy, code);
  }

  /** The code that was going on, or that waits for it to return. */
  private Optional<PolicyCode> inTheLoop(Exec x, InstantOverrunException overrun) {
    Optional<PolicyCode> running = Optional.ofNullable(overrun.code()).flatMap(this::owner);
    if (running.isPresent() || x == null) {
      return running;
    }
    return seats.codes().stream().filter(code -> x.hasStepOf(step -> isOf(code, step))).findFirst();
  }

  private Optional<PolicyCode> owner(Object code) {
    return seats.owner(code.getClass().getName());
  }

  private boolean isOf(PolicyCode policy, Object code) {
    return owner(code).filter(policy::isSameCode).isPresent();
  }

  private static StackTraceElement[] ofOneStep(StackTraceElement[] frames) {
    List<StackTraceElement> own = new ArrayList<>();
    for (StackTraceElement frame : frames) {
      if (LOOPS.contains(frame.getClassName() + "." + frame.getMethodName())) {
        break;
      }
      own.add(frame);
    }
    return own.toArray(StackTraceElement[]::new);
  }

  /** Whether nothing but the machine lies between the policy's code and what was thrown. */
  private static boolean leftNothingHalfDone(Throwable thrown, StackTraceElement policys) {
    if (thrown instanceof PolicyBreachException) {
      return true;
    }
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.equals(policys)) {
        return true;
      }
      if (NEUTRAL.stream().noneMatch(frame.getClassName()::startsWith)) {
        return false;
      }
    }
    return false;
  }
}
