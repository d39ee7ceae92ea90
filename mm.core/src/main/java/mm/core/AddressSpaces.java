package mm.core;

import java.util.Arrays;

/**
 * All mappings of a run, by the id that their folios carry, so that a folio leads to its mapping.
 * An empty mapping costs about 200 bytes and no tree node.
 */
public final class AddressSpaces {
  private final FolioStore folios;
  private final PageTreeNodes nodes = new PageTreeNodes();

  /** Mappings by id. The slot of a removed one is used again; its id is on the free stack. */
  private AddressSpace[] mappings = new AddressSpace[16];

  private int idLimit = 1;
  private int[] freeIds = new int[0];
  private int freeCount;

  /** Makes an empty table for mappings whose folios come from {@code folios}. */
  public AddressSpaces(FolioStore folios) {
    this.folios = folios;
  }

  PageTreeNodes nodes() {
    return nodes;
  }

  /** Makes an empty mapping, for folios of one page until its order range is set. */
  public AddressSpace create(long hostInode) {
    int id = freeCount > 0 ? freeIds[--freeCount] : idLimit++;
    if (id == mappings.length) {
      mappings = Arrays.copyOf(mappings, id * 2);
    }
    mappings[id] = new AddressSpace(id, hostInode, new PageTree(folios, nodes));
    return mappings[id];
  }

  /** The mapping with this id, which must be in use. */
  public AddressSpace get(int id) {
    AddressSpace mapping = id <= 0 || id >= idLimit ? null : mappings[id];
    if (mapping == null) {
      throw new IllegalStateException(
          "address spaces: mapping id is " + id + "; it must be one in use");
    }
    return mapping;
  }

  /** The mapping a folio of a file belongs to; null if it is anonymous or has been removed. */
  public AddressSpace of(int folio) {
    int id = folios.mapping(folio);
    return id == 0 || folios.test(folio, FolioFlag.ANON) ? null : get(id);
  }

  /** Forgets a mapping that has no folio left; its id will be used again. */
  public void remove(AddressSpace mapping) {
    if (get(mapping.id()) != mapping || !mapping.pages().isEmpty()) {
      throw new IllegalStateException(
          "address spaces: remove of mapping "
              + mapping.id()
              + ": it has "
              + mapping.nrPages()
              + " pages; it must be in use and empty");
    }
    mappings[mapping.id()] = null;
    if (freeCount == freeIds.length) {
      freeIds = Arrays.copyOf(freeIds, Math.max(16, freeCount * 2));
    }
    freeIds[freeCount++] = mapping.id();
  }

  /** The mapping with this id; null if there is none. */
  public AddressSpace find(int id) {
    return id <= 0 || id >= idLimit ? null : mappings[id];
  }

  /** All ids given out so far are below this. */
  public int idLimit() {
    return idLimit;
  }

  /** How many mappings are in use. */
  public int count() {
    return idLimit - 1 - freeCount;
  }

  /** Nodes in use by the trees of all mappings; 0 when all are empty. */
  public int nodeCount() {
    return nodes.nodeCount();
  }

  /** Bytes of the arrays behind the trees, used or not. */
  public long footprintBytes() {
    return nodes.footprintBytes();
  }
}
