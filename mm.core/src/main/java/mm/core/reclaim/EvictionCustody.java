package mm.core.reclaim;

import java.util.Arrays;

/**
 * Which folios of one task an eviction policy has, and which ones no policy has any more: those of
 * a policy that left, until its successor gets them.
 */
final class EvictionCustody {
  /** Folios that the policy has, in the order they were given; holes are 0. */
  private int[] given = new int[64];

  private int givenCount;
  private int held;

  /** Folios that no policy has, from {@link #owedFrom} on; the next policy gets them. */
  private int[] owed = new int[64];

  private int owedFrom;
  private int owedEnd;

  /** Folios that the policy has unlocked. */
  private int[] unlocked = new int[64];

  private int unlockedCount;

  /** Folios that the policy has. */
  int held() {
    return held;
  }

  /** Folios that are not finished, whoever has them. */
  int pending() {
    return held + owedEnd - owedFrom;
  }

  void give(int folio) {
    if (givenCount == given.length) {
      given = Arrays.copyOf(given, givenCount * 2);
    }
    given[givenCount++] = folio;
    held++;
  }

  /** Takes a folio back; false if the policy doesn't have it. */
  boolean takeBack(int folio) {
    int at = indexOf(folio);
    if (at < 0) {
      return false;
    }
    given[at] = 0;
    held--;
    return true;
  }

  boolean has(int folio) {
    return indexOf(folio) >= 0;
  }

  private int indexOf(int folio) {
    for (int i = givenCount - 1; i >= 0; i--) {
      if (given[i] == folio) {
        return i;
      }
    }
    return -1;
  }

  /** The folio that the policy has had longest; 0 if it has none. */
  int firstHeld() {
    for (int i = 0; i < givenCount; i++) {
      if (given[i] != 0) {
        return given[i];
      }
    }
    return 0;
  }

  /** The policy has finished all: the list begins anew. */
  void listDone() {
    givenCount = 0;
    if (owedFrom == owedEnd) {
      owedFrom = 0;
      owedEnd = 0;
    }
  }

  /** No policy has taken this folio: it is owed to the next one. */
  void owe(int folio) {
    if (owedEnd == owed.length) {
      owed = Arrays.copyOf(owed, owedEnd * 2);
    }
    owed[owedEnd++] = folio;
  }

  boolean owesAny() {
    return owedFrom < owedEnd;
  }

  int nextOwed() {
    return owed[owedFrom++];
  }

  /** The policy leaves: the next one gets all that it had, before what was owed already. */
  void policyLeft() {
    if (held > 0) {
      int left = owedEnd - owedFrom;
      int[] all = new int[Math.max(64, 2 * (held + left))];
      int count = 0;
      for (int i = 0; i < givenCount; i++) {
        if (given[i] != 0) {
          all[count++] = given[i];
        }
      }
      System.arraycopy(owed, owedFrom, all, count, left);
      owed = all;
      owedFrom = 0;
      owedEnd = count + left;
    }
    held = 0;
    givenCount = 0;
  }

  /**
   * Compares what a policy has handed back with what it had.
   *
   * @return the first folio that it kept back or misplaced; 0 if there is none
   */
  int missingFrom(int[] back) {
    int at = 0;
    for (int i = 0; i < givenCount; i++) {
      if (given[i] != 0) {
        if (at == back.length || back[at] != given[i]) {
          return given[i];
        }
        at++;
      }
    }
    return 0;
  }

  void noteUnlocked(int folio) {
    if (unlockedCount == unlocked.length) {
      unlocked = Arrays.copyOf(unlocked, unlockedCount * 2);
    }
    unlocked[unlockedCount++] = folio;
  }

  /** Forgets that the policy has unlocked the folio; false if it hasn't. */
  boolean forgetUnlocked(int folio) {
    for (int i = 0; i < unlockedCount; i++) {
      if (unlocked[i] == folio) {
        unlocked[i] = unlocked[--unlockedCount];
        return true;
      }
    }
    return false;
  }
}
