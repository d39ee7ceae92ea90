package launcher.trace.replay;

import java.util.HashSet;
import java.util.Set;
import launcher.trace.TraceVisitor;
import launcher.trace.event.BlockAction;
import launcher.trace.event.BlockEvent;
import launcher.trace.event.DeviceNumber;
import launcher.trace.event.EventHead;
import launcher.trace.event.IoAction;
import launcher.trace.event.Rwbs;

/** Takes the requests of one device at one place of the block layer. */
final class BlockTape implements TraceVisitor {
  private static final long SECTOR_BYTES = 512;

  private final TapeBuilder tape;
  private final ReplayLayer layer;
  private final int device;
  private final int target;
  private final Set<Long> issued = new HashSet<>();
  private long discards;
  private long others;
  private long flushing;
  private long again;
  private boolean timed = true;

  BlockTape(TapeBuilder tape, ReplayLayer layer, int device) {
    this.tape = tape;
    this.layer = layer;
    this.device = device;
    target = tape.target(DeviceNumber.text(device));
  }

  @Override
  public void block(EventHead head, BlockEvent event) {
    if (event.device() != device) {
      return;
    }
    if (event.action() == BlockAction.RQ_COMPLETE && layer == ReplayLayer.ISSUED) {
      issued.remove(event.sector());
    }
    if (event.action() != layer.action()) {
      return;
    }
    timed &= head.timed();
    switch (event.operation()) {
      case READ -> transfer(head, event, IoAction.READ);
      case WRITE -> {
        boolean empty = event.sectors() == 0;
        if (empty) {
          tape.sync(head.timeNs(), IoAction.DATASYNC, target);
        } else {
          flushing += (event.rwbs() & (Rwbs.PREFLUSH | Rwbs.FUA)) != 0 ? 1 : 0;
          transfer(head, event, IoAction.WRITE);
        }
      }
      case FLUSH -> tape.sync(head.timeNs(), IoAction.DATASYNC, target);
      case DISCARD, SECURE_ERASE -> discards++;
      case NONE -> {
        // Blkparse prints a flush without data so.
        if ((event.rwbs() & Rwbs.PREFLUSH) != 0) {
          tape.sync(head.timeNs(), IoAction.DATASYNC, target);
        } else {
          others++;
        }
      }
      default -> others++;
    }
  }

  private void transfer(EventHead head, BlockEvent event, IoAction action) {
    // A driver without room gives the request back, and it is issued once more.
    if (layer == ReplayLayer.ISSUED && !issued.add(event.sector())) {
      again++;
      return;
    }
    long offset = event.sector() * SECTOR_BYTES;
    tape.transfer(head.timeNs(), action, target, offset, event.sectors() * SECTOR_BYTES);
  }

  void close() {
    tape.timed = timed;
    tape.notes.add(
        "requests of device " + DeviceNumber.text(device) + " as they were " + layer.id());
    if (layer == ReplayLayer.COMPLETED) {
      tape.notes.add("times are those of the completions: there is no earlier event");
    }
    note(
        discards,
        discards == 1
            ? "discard is left out: simulated devices have none"
            : "discards are left out: simulated devices have none");
    note(others, "requests are neither read, write nor flush, and are left out");
    note(flushing, "writes had a flush before them or were FUA; they are played as plain writes");
    note(again, "requests were issued again and are played once");
  }

  private void note(long count, String what) {
    if (count > 0) {
      tape.notes.add(count + " " + what);
    }
  }
}
