package mm.core.mmap;

/**
 * The address space of a process: which CPUs may have its entries in their TLBs. Models {@code
 * struct mm_struct} with its {@code mm_cpumask}; a CPU once in the mask stays in it.
 */
public final class Mm {
  private final String name;
  private final long[] cpus;

  /**
   * An address space that has run nowhere.
   *
   * @param name of its process
   * @param cpuCount CPUs of the machine
   */
  public Mm(String name, int cpuCount) {
    this.name = name;
    cpus = new long[(cpuCount + 63) >>> 6];
  }

  /** A thread of the process runs on this CPU. */
  public void ranOn(int cpu) {
    cpus[cpu >>> 6] |= 1L << cpu;
  }

  /** Adds the CPUs that may know its entries to a set of as many words. */
  void addCpusTo(long[] mask) {
    for (int word = 0; word < cpus.length; word++) {
      mask[word] |= cpus[word];
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
