package launcher.validation.fold;

/** Who did something, as far as a measurement tells tasks apart. */
enum TaskClass {
  FIO("fio"),
  KWORKER("kworker"),
  KSOFTIRQD("ksoftirqd"),
  IDLE("idle"),
  KDAMOND("kdamond"),
  JBD("jbd"),
  XFSAILD("xfsaild"),
  OTHER("other");

  private static final TaskClass[] ALL = values();

  final String text;

  TaskClass(String text) {
    this.text = text;
  }

  static TaskClass of(int ordinal) {
    return ALL[ordinal];
  }

  static int count() {
    return ALL.length;
  }

  /** By a task's name; whatever is no kernel thread is a job's. */
  static TaskClass of(String comm, boolean kernelThread) {
    if (!kernelThread) {
      return FIO;
    }
    for (TaskClass type : ALL) {
      if (comm.startsWith(type.text)) {
        return type;
      }
    }
    return OTHER;
  }
}
