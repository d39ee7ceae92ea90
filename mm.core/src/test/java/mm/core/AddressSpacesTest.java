package mm.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AddressSpacesTest {
  private final FolioStore folios = new FolioStore();
  private final AddressSpaces spaces = new AddressSpaces(folios);

  @Test
  void folioLeadsToItsMapping() {
    AddressSpace first = spaces.create(100);
    AddressSpace second = spaces.create(200);
    int folio = folios.alloc(0);
    assertNull(spaces.of(folio));
    folios.setMapping(folio, second.id(), 0);
    assertSame(second, spaces.of(folio));
    assertEquals(200, second.hostInode());
    assertSame(first, spaces.get(first.id()));
    folios.set(folio, FolioFlag.ANON);
    assertNull(spaces.of(folio), "an anonymous region is no address space");
  }

  @Test
  void emptyMappingsNeedNoNodes() {
    for (int i = 0; i < 1000; i++) {
      spaces.create(i);
    }
    assertEquals(1000, spaces.count());
    assertEquals(0, spaces.footprintBytes());
  }

  @Test
  void mappingIsRemovedWhenEmptyAndItsIdUsedAgain() {
    AddressSpace mapping = spaces.create(1);
    mapping.pages().store(9, folios.alloc(0));
    assertThrows(IllegalStateException.class, () -> spaces.remove(mapping));
    mapping.pages().erase(9);
    spaces.remove(mapping);
    assertEquals(0, spaces.count());
    assertThrows(IllegalStateException.class, () -> spaces.get(mapping.id()));
    assertThrows(IllegalStateException.class, () -> spaces.remove(mapping));
    AddressSpace next = spaces.create(2);
    assertEquals(mapping.id(), next.id());
    assertThrows(IllegalStateException.class, () -> spaces.remove(mapping), "that id is another's");
    assertThrows(IllegalStateException.class, () -> spaces.get(0));
  }

  @Test
  void orderRangeAndWritebackIndexAreChecked() {
    AddressSpace mapping = spaces.create(1);
    assertThrows(IllegalArgumentException.class, () -> mapping.setOrderRange(3, 2));
    assertThrows(IllegalArgumentException.class, () -> mapping.setOrderRange(0, 10));
    assertThrows(IllegalArgumentException.class, () -> mapping.setWritebackIndex(-1));
    mapping.setOrderRange(2, 9);
    assertEquals(9, mapping.orderMax());
  }
}
