package block.bio;

import sim.kernel.Exec;

/** The requests of one device on their way to it and back ({@code struct request_queue}). */
final class RequestQueue {
  private final BlockDevice device;

  RequestQueue(BlockDevice device) {
    this.device = device;
  }

  void submitBio(Exec x, Bio bio) {
    throw new UnsupportedOperationException(device.name());
  }

  void submit(Exec x, Bio bio) {
    throw new UnsupportedOperationException(device.name());
  }

  void flush(Exec x) {
    throw new UnsupportedOperationException(device.name());
  }

  void poll(Exec x) {
    throw new UnsupportedOperationException(device.name());
  }
}
