package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Random operations on a tree and on a sorted map that does the same; both must always agree. */
class PageTreeModelTest {
  private static final PageMark[] MARKS = PageMark.values();
  private static final int STEPS = 60_000;

  private record Entry(int folio, int order, EnumSet<PageMark> marks) {}

  private final FolioStore folios = new FolioStore();
  private final PageTreeNodes nodes = new PageTreeNodes();
  private final PageTree tree = new PageTree(folios, nodes);
  private final TreeMap<Long, Entry> model = new TreeMap<>();

  @ParameterizedTest(name = "seed {0}, indexes in 2^{1}, orders to {2}")
  @CsvSource({"1, 7, 0", "2, 13, 5", "3, 13, 9", "4, 20, 9", "5, 40, 9", "6, 40, 0", "7, 10, 9"})
  void treeDoesWhatASortedMapDoes(long seed, int indexBits, int orderMax) {
    SplittableRandom random = new SplittableRandom(seed);
    String run = "seed " + seed + ", indexes in 2^" + indexBits + ", orders to " + orderMax;
    for (int step = 0; step < STEPS; step++) {
      long index = index(random, indexBits);
      // The tree fills and empties in turns, so that it grows, shrinks and becomes empty often.
      boolean filling = step / 2_000 % 2 == 0;
      int act = random.nextInt(100);
      if (act < (filling ? 40 : 10)) {
        store(index, random.nextInt(orderMax + 1));
      } else if (act < 50) {
        erase(filling ? index : anyIndex(index));
      } else if (act < 70) {
        mark(anyIndex(index), MARKS[random.nextInt(MARKS.length)], random.nextInt(3) > 0);
      } else if (act < 72) {
        tagForWriteback(index, index + random.nextLong(1L << random.nextInt(1, indexBits)));
      } else {
        compare(index, index + random.nextLong(1L << random.nextInt(1, indexBits)), run);
      }
      if (step % 500 == 0) {
        tree.verify();
      }
    }
    for (long index : List.copyOf(model.keySet())) {
      erase(index);
    }
    tree.verify();
    assertEquals(0, nodes.nodeCount(), run + ": nodes left in an empty tree");
    assertEquals(0, folios.folioCount(), run);
  }

  /** Half of the indexes lie close together, where large folios meet and nodes fill. */
  private static long index(SplittableRandom random, int indexBits) {
    long spread = random.nextLong(1L << indexBits);
    return random.nextBoolean() ? spread : spread & 0x1ff;
  }

  /** An index inside the folio at or after {@code index}, if there is one. */
  private long anyIndex(long index) {
    Map.Entry<Long, Entry> entry = model.ceilingEntry(index);
    if (entry == null) {
      return index;
    }
    return entry.getKey() + (index & (1L << entry.getValue().order()) - 1);
  }

  private void store(long near, int order) {
    long index = near >>> order << order;
    int folio = folios.alloc(order);
    if (overlapping(index, index + (1L << order) - 1).isEmpty()) {
      tree.store(index, folio);
      model.put(index, new Entry(folio, order, EnumSet.noneOf(PageMark.class)));
    } else {
      long before = tree.pageCount();
      assertThrows(IllegalStateException.class, () -> tree.store(index, folio));
      assertEquals(before, tree.pageCount());
      folios.put(folio);
    }
  }

  private void erase(long index) {
    Map.Entry<Long, Entry> entry = at(index);
    assertEquals(entry == null ? 0 : entry.getValue().folio(), tree.erase(index));
    if (entry != null) {
      model.remove(entry.getKey());
      folios.put(entry.getValue().folio());
    }
  }

  private void mark(long index, PageMark mark, boolean set) {
    Map.Entry<Long, Entry> entry = at(index);
    if (entry == null) {
      assertThrows(IllegalStateException.class, () -> tree.setMark(index, mark));
    } else if (set) {
      tree.setMark(index, mark);
      entry.getValue().marks().add(mark);
    } else {
      tree.clearMark(index, mark);
      entry.getValue().marks().remove(mark);
    }
  }

  private void tagForWriteback(long first, long last) {
    tree.tagForWriteback(first, last);
    for (Entry entry : overlapping(first, last)) {
      if (entry.marks().contains(PageMark.DIRTY)) {
        entry.marks().add(PageMark.TOWRITE);
      }
    }
  }

  private void compare(long first, long last, String run) {
    Map.Entry<Long, Entry> at = at(first);
    assertEquals(at == null ? 0 : at.getValue().folio(), tree.load(first), run);
    List<Entry> range = overlapping(first, last);
    assertEquals(range.isEmpty() ? 0 : range.get(0).folio(), tree.next(first, last), run);
    assertEquals(folioList(range), walk(null, first, last), run);
    long pages = model.values().stream().mapToLong(entry -> 1L << entry.order()).sum();
    assertEquals(pages, tree.pageCount(), run);
    for (PageMark mark : MARKS) {
      boolean has = at != null && at.getValue().marks().contains(mark);
      assertEquals(has, tree.getMark(first, mark), run);
      List<Entry> marked = new ArrayList<>(range);
      marked.removeIf(entry -> !entry.marks().contains(mark));
      int next = marked.isEmpty() ? 0 : marked.get(0).folio();
      assertEquals(next, tree.nextMarked(mark, first, last), run);
      assertEquals(folioList(marked), walk(mark, first, last), run);
      boolean any = model.values().stream().anyMatch(entry -> entry.marks().contains(mark));
      assertEquals(any, tree.marked(mark), run);
    }
  }

  /** Up to 100 folios of a range, batch by batch. */
  private List<Integer> walk(PageMark mark, long first, long last) {
    List<Integer> found = new ArrayList<>();
    FolioBatch batch = new FolioBatch();
    long index = first;
    while (index <= last && found.size() < 100) {
      batch.reinit();
      index =
          mark == null
              ? tree.lookup(batch, index, last)
              : tree.lookupMarked(batch, mark, index, last);
      for (int slot = 0; slot < batch.count(); slot++) {
        found.add(batch.get(slot));
      }
    }
    return found.subList(0, Math.min(100, found.size()));
  }

  private static List<Integer> folioList(List<Entry> entries) {
    return entries.stream().limit(100).map(Entry::folio).toList();
  }

  private Map.Entry<Long, Entry> at(long index) {
    Map.Entry<Long, Entry> floor = model.floorEntry(index);
    boolean inside = floor != null && index < floor.getKey() + (1L << floor.getValue().order());
    return inside ? floor : null;
  }

  private List<Entry> overlapping(long first, long last) {
    Map.Entry<Long, Entry> at = at(first);
    return new ArrayList<>(
        model.subMap(at == null ? first : at.getKey(), true, last, true).values());
  }
}
