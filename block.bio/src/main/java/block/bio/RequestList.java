package block.bio;

/** Requests in the order they came, linked through themselves. */
final class RequestList {
  private Request head;
  private Request tail;
  private int size;

  boolean isEmpty() {
    return head == null;
  }

  int size() {
    return size;
  }

  Request first() {
    return head;
  }

  Request last() {
    return tail;
  }

  void add(Request request) {
    request.next = null;
    if (tail == null) {
      head = request;
    } else {
      tail.next = request;
    }
    tail = request;
    size++;
  }

  void addFirst(Request request) {
    request.next = head;
    head = request;
    tail = tail == null ? request : tail;
    size++;
  }

  /** Takes the first; null if there is none. */
  Request pop() {
    Request request = head;
    if (request != null) {
      head = request.next;
      request.next = null;
      size--;
      if (head == null) {
        tail = null;
      }
    }
    return request;
  }

  /** Takes all requests of another list and adds them at the end. */
  void takeAll(RequestList from) {
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
}
