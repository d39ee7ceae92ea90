package mm.core;

/**
 * A list of folios, linked through the folios themselves, so that a folio is in one list at most.
 * Models a {@code list_head} of {@code folio->lru}; the head is the young end and the tail the end
 * that reclaim takes from.
 *
 * <p>A list that reclaim isolated folios into, or a list of folios to be freed, is one of these
 * too. Lists hold no references.
 */
public final class FolioList {
  private final FolioStore folios;
  private int head;
  private int tail;
  private int folioCount;
  private long pageCount;

  /** Makes an empty list of folios of {@code folios}. */
  public FolioList(FolioStore folios) {
    this.folios = folios;
  }

  /** The youngest folio; 0 for none. */
  public int head() {
    return head;
  }

  /** The oldest folio; 0 for none. */
  public int tail() {
    return tail;
  }

  /** The folio after {@code folio}, one step older; 0 at the tail. */
  public int older(int folio) {
    return folios.next(folio);
  }

  /** The folio before {@code folio}, one step younger; 0 at the head. */
  public int younger(int folio) {
    return folios.prev(folio);
  }

  /** How many folios it has. */
  public int folioCount() {
    return folioCount;
  }

  /** How many pages its folios have. */
  public long pageCount() {
    return pageCount;
  }

  /** Whether it has no folio. */
  public boolean isEmpty() {
    return head == 0;
  }

  /** Adds a folio that is in no list at the young end. */
  public void addHead(int folio) {
    link(folio);
    folios.setPrev(folio, 0);
    folios.setNext(folio, head);
    if (head == 0) {
      tail = folio;
    } else {
      folios.setPrev(head, folio);
    }
    head = folio;
  }

  /** Adds a folio that is in no list at the old end. */
  public void addTail(int folio) {
    link(folio);
    folios.setNext(folio, 0);
    folios.setPrev(folio, tail);
    if (tail == 0) {
      head = folio;
    } else {
      folios.setNext(tail, folio);
    }
    tail = folio;
  }

  /** Adds a folio that is in no list beside one that is in this; at the old end for 0. */
  void addYounger(int folio, int than) {
    if (than == 0) {
      addTail(folio);
    } else if (than == head) {
      addHead(folio);
    } else {
      link(folio);
      int younger = folios.prev(than);
      folios.setPrev(folio, younger);
      folios.setNext(folio, than);
      folios.setNext(younger, folio);
      folios.setPrev(than, folio);
    }
  }

  private void link(int folio) {
    if (folios.next(folio) != FolioStore.UNLINKED) {
      throw folios.bad(folio, "adding to a list", "it must be in no list");
    }
    folioCount++;
    pageCount += folios.nrPages(folio);
  }

  /** Takes a folio out of this list. */
  public void remove(int folio) {
    int next = folios.next(folio);
    int prev = folios.prev(folio);
    boolean ours = (next == 0) == (folio == tail) && (prev == 0) == (folio == head);
    if (next == FolioStore.UNLINKED || !ours) {
      throw folios.bad(folio, "removing from a list", "it must be in this list");
    }
    if (prev == 0) {
      head = next;
    } else {
      folios.setNext(prev, next);
    }
    if (next == 0) {
      tail = prev;
    } else {
      folios.setPrev(next, prev);
    }
    folios.setNext(folio, FolioStore.UNLINKED);
    folios.setPrev(folio, FolioStore.UNLINKED);
    folioCount--;
    pageCount -= folios.nrPages(folio);
  }

  /** Takes the oldest folio out; 0 if there is none. */
  public int removeTail() {
    int folio = tail;
    if (folio != 0) {
      remove(folio);
    }
    return folio;
  }

  /** Takes the youngest folio out; 0 if there is none. */
  public int removeHead() {
    int folio = head;
    if (folio != 0) {
      remove(folio);
    }
    return folio;
  }
}
