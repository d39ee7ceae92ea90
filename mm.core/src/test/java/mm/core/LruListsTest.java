package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LruListsTest {
  private final FolioStore folios = new FolioStore();
  private final LruLists lru = new LruLists(folios);
  private final Lruvec root = lru.lruvec(0, 0);

  private int file(int order) {
    int folio = folios.alloc(order);
    lru.add(folio);
    return folio;
  }

  private List<Integer> fromTail(FolioList list) {
    List<Integer> found = new ArrayList<>();
    for (int folio = list.tail(); folio != 0; folio = list.younger(folio)) {
      found.add(folio);
    }
    List<Integer> backwards = new ArrayList<>();
    for (int folio = list.head(); folio != 0; folio = list.older(folio)) {
      backwards.add(0, folio);
    }
    assertEquals(found, backwards, "both directions");
    assertEquals(found.size(), list.folioCount());
    assertEquals(found.stream().mapToLong(folios::nrPages).sum(), list.pageCount());
    return found;
  }

  @Test
  void flagsMemcgAndNodeNameTheList() {
    int[] made = new int[5];
    FolioFlag[] flags = {
      FolioFlag.SWAPBACKED,
      FolioFlag.SWAPBACKED.or(FolioFlag.ACTIVE),
      FolioFlag.UPTODATE,
      FolioFlag.ACTIVE,
      FolioFlag.UNEVICTABLE.or(FolioFlag.ACTIVE)
    };
    for (int i = 0; i < 5; i++) {
      made[i] = folios.alloc(0);
      folios.setMemcg(made[i], 300);
      folios.setNode(made[i], 1);
      folios.set(made[i], flags[i]);
      lru.add(made[i]);
    }
    Lruvec lruvec = lru.lruvec(300, 1);
    assertSame(lruvec, lru.lruvecOf(made[0]));
    for (LruList list : LruList.values()) {
      assertEquals(List.of(made[list.ordinal()]), fromTail(lruvec.list(list)), list.name());
      assertEquals(0, root.folioCount(list));
      assertEquals(0, lru.lruvec(300, 0).folioCount(list));
    }
    assertThrows(IllegalStateException.class, () -> folios.setMemcg(made[0], 2));
  }

  @Test
  void folioAddedAfterOneOfAnotherGroupOrNodeGoesToItsOwnList() {
    int[][] owners = {{0, 0}, {7, 0}, {7, 1}, {0, 1}, {0, 0}};
    for (int[] owner : owners) {
      int folio = folios.alloc(0);
      folios.setMemcg(folio, owner[0]);
      folios.setNode(folio, owner[1]);
      lru.add(folio);
      assertEquals(folio, lru.lruvec(owner[0], owner[1]).head(LruList.INACTIVE_FILE));
    }
    assertEquals(2, root.folioCount(LruList.INACTIVE_FILE));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void listsDoWhatDequesDo(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    // Head first, as the kernel's lists.
    Deque<Integer> inactive = new ArrayDeque<>();
    Deque<Integer> active = new ArrayDeque<>();
    FolioList isolated = new FolioList(folios);
    for (int step = 0; step < 20_000; step++) {
      Integer any = pick(random, random.nextBoolean() ? inactive : active);
      int act = random.nextInt(100);
      if (act < 35 || any == null) {
        inactive.addFirst(file(random.nextInt(3)));
      } else if (act < 50) {
        lru.del(any);
        folios.put(any);
        assertTrue(inactive.remove(any) || active.remove(any));
      } else if (act < 60) {
        Deque<Integer> list = active.remove(any) ? active : inactive;
        inactive.remove(any);
        lru.rotateToTail(any);
        list.addLast(any);
      } else if (act < 75) {
        lru.activate(any);
        if (inactive.remove(any)) {
          active.addFirst(any);
        }
      } else if (act < 85) {
        lru.deactivate(any);
        if (active.remove(any)) {
          inactive.addFirst(any);
        }
      } else if (act < 90) {
        isolateAndFree(random.nextInt(20), inactive, isolated);
      }
      if (step % 50 == 0) {
        assertEquals(
            tailFirst(inactive), fromTail(root.list(LruList.INACTIVE_FILE)), "seed " + seed);
        assertEquals(tailFirst(active), fromTail(root.list(LruList.ACTIVE_FILE)), "seed " + seed);
      }
    }
  }

  private void isolateAndFree(int nrToScan, Deque<Integer> inactive, FolioList isolated) {
    long pages = lru.isolate(root, LruList.INACTIVE_FILE, nrToScan, isolated);
    assertEquals(pages, isolated.pageCount());
    long scanned = 0;
    while (scanned < nrToScan && !inactive.isEmpty()) {
      int expected = inactive.removeLast();
      scanned += folios.nrPages(expected);
      assertEquals(expected, isolated.removeTail(), "oldest first");
      assertEquals(2, folios.refcount(expected));
      folios.put(expected);
      folios.put(expected);
    }
    assertTrue(isolated.isEmpty());
  }

  private static Integer pick(SplittableRandom random, Deque<Integer> from) {
    return from.isEmpty()
        ? null
        : random.nextBoolean()
            ? from.peekLast()
            : from.stream().skip(random.nextInt(from.size())).findFirst().orElseThrow();
  }

  private static List<Integer> tailFirst(Deque<Integer> deque) {
    List<Integer> list = new ArrayList<>();
    deque.descendingIterator().forEachRemaining(list::add);
    return list;
  }

  @Test
  void isolationStopsAfterThePagesAskedForAndNeverSplits() {
    int oldest = file(0);
    int large = file(4);
    int youngest = file(0);
    FolioList isolated = new FolioList(folios);
    assertEquals(17, lru.isolate(root, LruList.INACTIVE_FILE, 2, isolated), "1 + 16 pages");
    assertEquals(List.of(oldest, large), fromTail(isolated));
    assertEquals(List.of(youngest), fromTail(root.list(LruList.INACTIVE_FILE)));
    assertFalse(folios.test(large, FolioFlag.LRU));
    assertThrows(IllegalStateException.class, () -> lru.del(large));
  }

  @Test
  void frozenFolioIsRotatedAndNotIsolated() {
    int frozen = file(0);
    int other = file(0);
    assertTrue(folios.freeze(frozen, 1));
    FolioList isolated = new FolioList(folios);
    assertEquals(1, lru.isolate(root, LruList.INACTIVE_FILE, 2, isolated));
    assertEquals(List.of(other), fromTail(isolated));
    assertEquals(List.of(frozen), fromTail(root.list(LruList.INACTIVE_FILE)));
    // Alone on its list it is looked at again and again, but no more often than was asked for.
    assertEquals(0, lru.isolate(root, LruList.INACTIVE_FILE, 1000, isolated));
    assertTrue(folios.test(frozen, FolioFlag.LRU));
  }

  @Test
  void folioIsInOneListAtMost() {
    int folio = file(0);
    FolioList other = new FolioList(folios);
    assertThrows(IllegalStateException.class, () -> lru.add(folio));
    assertThrows(IllegalStateException.class, () -> other.addTail(folio));
    assertThrows(IllegalStateException.class, () -> other.remove(folio));
    lru.del(folio);
    assertThrows(IllegalStateException.class, () -> lru.del(folio));
    other.addTail(folio);
    assertThrows(IllegalStateException.class, () -> lru.rotateToTail(folio));
  }

  @Test
  void unevictableFolioIsNeitherActivatedNorDeactivated() {
    int folio = folios.alloc(0);
    folios.set(folio, FolioFlag.UNEVICTABLE);
    lru.add(folio);
    lru.activate(folio);
    lru.deactivate(folio);
    assertEquals(1, root.folioCount(LruList.UNEVICTABLE));
    assertFalse(folios.test(folio, FolioFlag.ACTIVE));
  }

  @Test
  void groupsAndNodesOutOfRangeAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> lru.lruvec(65536, 0));
    assertThrows(IllegalArgumentException.class, () -> lru.lruvec(0, 16));
    assertThrows(IllegalArgumentException.class, () -> lru.lruvec(-1, 0));
  }
}
