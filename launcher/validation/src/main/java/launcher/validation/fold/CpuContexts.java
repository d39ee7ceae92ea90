package launcher.validation.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What each CPU is doing at an event: its task, and the interrupts and softirqs on top of it. */
final class CpuContexts {
  /** Where code runs, as a tracer prints it. */
  enum Context {
    TASK("task"),
    HARDIRQ("hardirq"),
    SOFTIRQ_ON_IRQ_EXIT("softirq/on_irq_exit"),
    SOFTIRQ_KSOFTIRQD("softirq/ksoftirqd");

    final String text;

    Context(String text) {
      this.text = text;
    }
  }

  private final List<String> names = new ArrayList<>();
  private byte[] classOfPid = new byte[64];
  private int[] current = new int[8];
  private int[] hardirqs = new int[8];
  private int[] softirqs = new int[8];

  CpuContexts() {
    Arrays.fill(classOfPid, (byte) TaskClass.OTHER.ordinal());
    classOfPid[0] = (byte) TaskClass.IDLE.ordinal();
  }

  void name(int id, String name) {
    while (names.size() <= id) {
      names.add("");
    }
    names.set(id, name);
  }

  String nameOf(int id) {
    return names.get(id);
  }

  int nameCount() {
    return names.size();
  }

  void newTask(int pid, int commName, boolean kernelThread) {
    if (pid >= classOfPid.length) {
      int old = classOfPid.length;
      classOfPid = Arrays.copyOf(classOfPid, Math.max(pid + 1, old * 2));
      Arrays.fill(classOfPid, old, classOfPid.length, (byte) TaskClass.OTHER.ordinal());
    }
    classOfPid[pid] = (byte) TaskClass.of(names.get(commName), kernelThread).ordinal();
  }

  void switched(int cpu, int nextPid) {
    reserve(cpu);
    current[cpu] = nextPid;
  }

  void hardirq(int cpu, int step) {
    reserve(cpu);
    hardirqs[cpu] += step;
  }

  void softirq(int cpu, int step) {
    reserve(cpu);
    softirqs[cpu] += step;
  }

  /** Class of a task by its number. */
  int classOf(int pid) {
    return pid < classOfPid.length ? classOfPid[pid] : TaskClass.OTHER.ordinal();
  }

  /** Class of the task on a CPU, interrupted or not. */
  int currentClass(int cpu) {
    return cpu < 0 || cpu >= current.length ? TaskClass.OTHER.ordinal() : classOf(current[cpu]);
  }

  Context context(int cpu) {
    reserve(cpu);
    if (hardirqs[cpu] > 0) {
      return Context.HARDIRQ;
    }
    if (softirqs[cpu] == 0) {
      return Context.TASK;
    }
    return currentClass(cpu) == TaskClass.KSOFTIRQD.ordinal()
        ? Context.SOFTIRQ_KSOFTIRQD
        : Context.SOFTIRQ_ON_IRQ_EXIT;
  }

  private void reserve(int cpu) {
    if (cpu >= current.length) {
      int size = Math.max(cpu + 1, current.length * 2);
      current = Arrays.copyOf(current, size);
      hardirqs = Arrays.copyOf(hardirqs, size);
      softirqs = Arrays.copyOf(softirqs, size);
    }
  }
}
