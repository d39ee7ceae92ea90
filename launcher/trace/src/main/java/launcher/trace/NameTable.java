package launcher.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The names of one trace (tasks, functions, reasons, files), each kept once and numbered from 1 in
 * the order of appearance.
 *
 * <p>Number 0 stands for a name that is not there, and for all names beyond the millionth: memory
 * stays bounded whatever a trace holds.
 */
public final class NameTable {
  private static final int NAMES_MAX = 1 << 20;

  private int[] slots = new int[1024];
  private byte[][] bytes = new byte[512][];
  private String[] texts = new String[512];
  private int[] hashes = new int[512];
  private int count = 1;

  /** An empty table. */
  public NameTable() {
    bytes[0] = new byte[0];
    texts[0] = "";
  }

  /** How many numbers there are, 0 included. */
  public int size() {
    return count;
  }

  /**
   * The name of a number; the same object each time.
   *
   * @param id from 0 to {@link #size} less one
   */
  public String text(int id) {
    String text = texts[id];
    if (text == null) {
      text = new String(bytes[id], StandardCharsets.UTF_8);
      texts[id] = text;
    }
    return text;
  }

  /** The number of a name, which is added if it is new; 0 for an empty one. */
  public int id(String name) {
    byte[] of = name.getBytes(StandardCharsets.UTF_8);
    return id(of, 0, of.length);
  }

  /**
   * The number of a name, which is added if it is new.
   *
   * @param from holds the name
   * @param start index of its first byte
   * @param end index after its last byte; 0 is the answer if it is not above start
   */
  public int id(byte[] from, int start, int end) {
    if (end <= start) {
      return 0;
    }
    int hash = 1;
    for (int i = start; i < end; i++) {
      hash = 31 * hash + from[i];
    }
    hash ^= hash >>> 15;
    int mask = slots.length - 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      int id = slots[slot];
      if (id == 0) {
        return count == NAMES_MAX ? 0 : add(slot, hash, Arrays.copyOfRange(from, start, end));
      }
      byte[] known = bytes[id];
      if (hashes[id] == hash && Arrays.equals(known, 0, known.length, from, start, end)) {
        return id;
      }
    }
  }

  private int add(int slot, int hash, byte[] name) {
    if (count == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * count);
      texts = Arrays.copyOf(texts, 2 * count);
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    int id = count++;
    bytes[id] = name;
    hashes[id] = hash;
    slots[slot] = id;
    if (2 * count > slots.length) {
      rehash();
    }
    return id;
  }

  private void rehash() {
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int id = 1; id < count; id++) {
      int slot = hashes[id] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = id;
    }
  }
}
