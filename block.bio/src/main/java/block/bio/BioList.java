package block.bio;

import java.util.List;

/**
 * Bios in the order they came ({@code struct bio_list}): linked through the bios themselves, so
 * that neither adding nor taking allocates. A bio can be in one list at a time.
 */
public final class BioList {
  private Bio head;
  private Bio tail;
  private int size;

  /** An empty list. */
  public BioList() {}

  /** {@code bio_list_empty}. */
  public boolean isEmpty() {
    return head == null;
  }

  /** Number of bios. */
  public int size() {
    return size;
  }

  /** The first bio, left in the list; null if there is none. */
  public Bio peek() {
    return head;
  }

  /** {@code bio_list_add}: adds at the end. */
  public void add(Bio bio) {
    bio.next = null;
    if (tail == null) {
      head = bio;
    } else {
      tail.next = bio;
    }
    tail = bio;
    size++;
  }

  /** {@code bio_list_pop}: takes the first; null if there is none. */
  public Bio pop() {
    Bio bio = head;
    if (bio != null) {
      head = bio.next;
      bio.next = null;
      size--;
      if (head == null) {
        tail = null;
      }
    }
    return bio;
  }

  /** Takes all bios of another list, which is empty then, and adds them at the end. */
  public void takeAll(BioList from) {
    if (from.head == null) {
      return;
    }
    if (tail == null) {
      head = from.head;
    } else {
      tail.next = from.head;
    }
    tail = from.tail;
    size += from.size;
    from.head = null;
    from.tail = null;
    from.size = 0;
  }

  /** Takes all bios, first to last, and adds them to {@code bios}: what a detach is made of. */
  public void drainTo(List<Bio> bios) {
    for (Bio bio = pop(); bio != null; bio = pop()) {
      bios.add(bio);
    }
  }
}
