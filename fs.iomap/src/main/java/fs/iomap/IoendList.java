package fs.iomap;

/** Ioends linked by {@link Ioend#next}, in the order in which they came. */
final class IoendList {
  private Ioend head;
  private Ioend tail;

  boolean isEmpty() {
    return head == null;
  }

  void add(Ioend ioend) {
    ioend.next = null;
    if (tail == null) {
      head = ioend;
    } else {
      tail.next = ioend;
    }
    tail = ioend;
  }

  /** Takes the first; null if there is none. */
  Ioend pop() {
    Ioend first = head;
    if (first != null) {
      head = first.next;
      first.next = null;
      if (head == null) {
        tail = null;
      }
    }
    return first;
  }

  /** The first, left in the list; null if there is none. */
  Ioend peek() {
    return head;
  }

  /** Takes all of another list, which is empty then. */
  void takeAll(IoendList from) {
    if (from.head == null) {
      return;
    }
    if (tail == null) {
      head = from.head;
    } else {
      tail.next = from.head;
    }
    tail = from.tail;
    from.head = null;
    from.tail = null;
  }

  /** {@code iomap_sort_ioends}: by place in the file, and by arrival where that is equal. */
  void sort() {
    head = sorted(head);
    tail = head;
    while (tail != null && tail.next != null) {
      tail = tail.next;
    }
  }

  private static Ioend sorted(Ioend list) {
    if (list == null || list.next == null) {
      return list;
    }
    Ioend middle = list;
    Ioend end = list.next;
    boolean ascending = middle.pos <= end.pos;
    while (end.next != null) {
      ascending &= end.pos <= end.next.pos;
      end = end.next;
      if (end.next != null) {
        ascending &= end.pos <= end.next.pos;
        end = end.next;
        middle = middle.next;
      }
    }
    if (ascending) {
      // The usual case: the device ended them in the order of the file.
      return list;
    }
    Ioend second = middle.next;
    middle.next = null;
    return merge(sorted(list), sorted(second));
  }

  private static Ioend merge(Ioend first, Ioend second) {
    Ioend a = first;
    Ioend b = second;
    Ioend merged = null;
    Ioend last = null;
    while (a != null && b != null) {
      Ioend taken;
      if (a.pos <= b.pos) {
        taken = a;
        a = a.next;
      } else {
        taken = b;
        b = b.next;
      }
      if (last == null) {
        merged = taken;
      } else {
        last.next = taken;
      }
      last = taken;
    }
    last.next = a != null ? a : b;
    return merged;
  }
}
