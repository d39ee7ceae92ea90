package mm.core;

import java.util.Arrays;
import sim.kernel.check.CustodyWatch;

/**
 * Folios that a policy has, each with the CPU it was given on, in the order they were given. A
 * folio may be here more than once. Finds and removes a folio in constant time.
 */
final class FolioCustody {
  private static final int NONE = -1;

  private int[] folios = new int[64];
  private int[] cpus = new int[64];
  private int[] next = new int[64];
  private int[] previous = new int[64];

  /** The entry with the same hash that was added before. */
  private int[] chain = new int[64];

  private int[] buckets = new int[64];
  private int fresh;
  private int free = NONE;
  private int head = NONE;
  private int tail = NONE;
  private int size;

  /** Null for what no policy has. */
  private CustodyWatch watch;

  FolioCustody() {
    Arrays.fill(buckets, NONE);
  }

  /** Tells of each folio that comes and goes from now on. */
  void watch(CustodyWatch teller) {
    watch = teller;
  }

  int size() {
    return size;
  }

  /** The folio given first; there must be one. */
  int first() {
    return folios[head];
  }

  /** Where it was given. */
  int firstCpu() {
    return cpus[head];
  }

  private int bucket(int folio) {
    return (folio * 0x9E3779B9) >>> 16 & buckets.length - 1;
  }

  void add(int folio, int cpu) {
    int entry = free;
    if (entry == NONE) {
      grow();
      entry = fresh++;
    } else {
      free = next[entry];
    }
    folios[entry] = folio;
    cpus[entry] = cpu;
    next[entry] = NONE;
    previous[entry] = tail;
    if (tail == NONE) {
      head = entry;
    } else {
      next[tail] = entry;
    }
    tail = entry;
    int bucket = bucket(folio);
    chain[entry] = buckets[bucket];
    buckets[bucket] = entry;
    size++;
    if (watch != null) {
      watch.taken(cpu);
    }
  }

  private void grow() {
    if (fresh < folios.length) {
      return;
    }
    int length = folios.length * 2;
    folios = Arrays.copyOf(folios, length);
    cpus = Arrays.copyOf(cpus, length);
    next = Arrays.copyOf(next, length);
    previous = Arrays.copyOf(previous, length);
    chain = Arrays.copyOf(chain, length);
    buckets = new int[length];
    Arrays.fill(buckets, NONE);
    for (int entry = head; entry != NONE; entry = next[entry]) {
      int bucket = bucket(folios[entry]);
      chain[entry] = buckets[bucket];
      buckets[bucket] = entry;
    }
  }

  /** Removes a folio, of several the one given last; false if it isn't here. */
  boolean remove(int folio) {
    int bucket = bucket(folio);
    int before = NONE;
    int entry = buckets[bucket];
    while (entry != NONE && folios[entry] != folio) {
      before = entry;
      entry = chain[entry];
    }
    if (entry == NONE) {
      return false;
    }
    removeEntry(bucket, before, entry);
    return true;
  }

  /** Removes the folio given first; there must be one. */
  void removeFirst() {
    int bucket = bucket(folios[head]);
    int before = NONE;
    int entry = buckets[bucket];
    // Ends because the entry is in the chain of its hash.
    while (entry != head) {
      before = entry;
      entry = chain[entry];
    }
    removeEntry(bucket, before, entry);
  }

  private void removeEntry(int bucket, int before, int entry) {
    if (before == NONE) {
      buckets[bucket] = chain[entry];
    } else {
      chain[before] = chain[entry];
    }
    unlink(entry);
  }

  private void unlink(int entry) {
    if (previous[entry] == NONE) {
      head = next[entry];
    } else {
      next[previous[entry]] = next[entry];
    }
    if (next[entry] == NONE) {
      tail = previous[entry];
    } else {
      previous[next[entry]] = previous[entry];
    }
    next[entry] = free;
    free = entry;
    size--;
    if (watch != null) {
      watch.released(cpus[entry]);
    }
  }

  /** How often each folio is here, compared with a list of folios; says what is wrong with it. */
  String faultOf(int[] handedBack) {
    int[] here = new int[size];
    int count = 0;
    for (int entry = head; entry != NONE; entry = next[entry]) {
      here[count++] = folios[entry];
    }
    int[] back = handedBack.clone();
    Arrays.sort(here);
    Arrays.sort(back);
    int i = 0;
    int j = 0;
    while (i < here.length && j < back.length && here[i] == back[j]) {
      i++;
      j++;
    }
    if (i == here.length && j == back.length) {
      return "";
    }
    boolean kept = j == back.length || i < here.length && here[i] < back[j];
    return kept
        ? "kept back folio " + here[i]
        : "returned folio " + back[j] + ", which it doesn't have, or has only once";
  }
}
