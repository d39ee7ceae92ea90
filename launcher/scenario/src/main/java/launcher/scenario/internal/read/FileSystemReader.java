package launcher.scenario.internal.read;

import fs.buffer.BufferDontcache;
import fs.buffer.ext4.Ext4Settings;
import fs.iomap.DontcacheCompletion;
import fs.iomap.ErrorReport;
import fs.iomap.IntegrityReads;
import fs.iomap.IomapSettings;
import fs.iomap.erofs.ErofsSettings;
import launcher.scenario.FileSystemSpec;
import launcher.scenario.FileSystemSpec.DirectEnd;
import launcher.scenario.FileSystemSpec.Type;
import launcher.scenario.FileSystemSpec.WriteKind;
import launcher.scenario.Unit;
import launcher.scenario.tree.Section;

/** Reads the {@code filesystem} section. */
final class FileSystemReader {
  private static final int BLOCK_MIN = 512;
  private static final int BLOCK_MAX = 4096;

  /**
   * {@code MAX_PAGECACHE_ORDER} with huge pages of 2 MiB, which XFS has had since 5.18 and ext4
   * since 6.16.
   */
  private static final int ORDER_MAX = 9;

  private FileSystemReader() {}

  static FileSystemSpec read(Section section) {
    Type type = section.word("type", Type.class).orElse(Type.IOMAP);
    int block =
        (int) section.number("block-size", Unit.BYTES, BLOCK_MIN, BLOCK_MAX).orElse(BLOCK_MAX);
    if (Integer.bitCount(block) != 1) {
      section.wrong(
          "block-size",
          "'" + Unit.BYTES.format(block) + "'; it must be a power of two from 512 B to 4 KiB");
    }
    int deviceOrder =
        (int) section.number("device-folio-order", Unit.COUNT, 0, ORDER_MAX).orElse(ORDER_MAX);
    int order =
        (int)
            section
                .number("folio-order", Unit.COUNT, 0, ORDER_MAX)
                .orElse(usualOrder(type, deviceOrder));
    if (type == Type.BLOCK_DEVICE) {
      deviceOrder = order;
    }
    WriteKind writes = section.word("writes", WriteKind.class).orElse(WriteKind.AS_THE_JOB_SAYS);
    DirectEnd directEnd =
        section.word("direct-end", DirectEnd.class).orElse(DirectEnd.WHERE_IT_CAN);
    if (type == Type.EXT4) {
      refuseOnExt4(section, block, writes);
    } else if (type != Type.IOMAP) {
      refuseWithoutIomap(section, type, order, writes);
    }
    DontcacheCompletion iomap =
        section
            .word("iomap-dontcache", DontcacheCompletion.class)
            .orElse(DontcacheCompletion.BIO_UNLESS_WORKQUEUE);
    BufferDontcache buffer =
        section.word("buffer-dontcache", BufferDontcache.class).orElse(BufferDontcache.BIO_MARKED);
    Ext4Settings ext4 = Ext4Reader.read(section, type, order);
    ErofsSettings erofs = ErofsReader.read(section, type);
    IntegrityReads integrity =
        section.word("integrity-reads", IntegrityReads.class).orElse(IntegrityReads.BLOCK_LAYER);
    if (type != Type.IOMAP && integrity != IntegrityReads.BLOCK_LAYER) {
      section.wrong("integrity-reads", "must be block-layer where type is not iomap");
    }
    ErrorReport errors =
        section.word("error-report", ErrorReport.class).orElse(ErrorReport.IN_TASK);
    if (type != Type.IOMAP && errors != ErrorReport.IN_TASK) {
      section.wrong("error-report", "must be in-task where type is not iomap");
    }
    long log =
        section
            .number(
                "log-size", Unit.BYTES, IomapSettings.LOG_BYTES_MIN, IomapSettings.LOG_BYTES_MAX)
            .orElse(0);
    if (type != Type.IOMAP && log != 0) {
      section.wrong(
          "log-size", "must not be set where type is not iomap; that of ext4 is journal-size");
    }
    section.refuseUnknown();
    return new FileSystemSpec(
        type,
        block,
        order,
        deviceOrder,
        writes,
        directEnd,
        iomap,
        buffer,
        ext4,
        erofs,
        integrity,
        errors,
        log);
  }

  private static int usualOrder(Type type, int deviceOrder) {
    return switch (type) {
      case IOMAP, EXT4 -> ORDER_MAX;
      case BLOCK_DEVICE -> deviceOrder;
      case EXT2_LIKE, EROFS -> 0;
    };
  }

  private static void refuseOnExt4(Section section, int block, WriteKind writes) {
    if (block != BLOCK_MAX) {
      section.wrong(
          "block-size", "'" + Unit.BYTES.format(block) + "'; it must be 4 KiB where type is ext4");
    }
    if (writes == WriteKind.CLONED) {
      section.wrong("writes", "'cloned' where type is ext4", "ext4 has no blocks that are shared");
    }
  }

  private static void refuseWithoutIomap(Section section, Type type, int order, WriteKind writes) {
    if (order != 0 && type != Type.BLOCK_DEVICE) {
      section.wrong(
          "folio-order",
          "'" + order + "'; it must be 0 where type is not iomap, ext4 or block-device");
    }
    if (type == Type.EROFS) {
      return;
    }
    boolean fixed = writes == WriteKind.AS_THE_JOB_SAYS || writes == WriteKind.OVERWRITE;
    boolean growing = type == Type.EXT2_LIKE && writes == WriteKind.APPEND;
    if (!fixed && !growing) {
      section.wrong(
          "writes",
          "'" + Section.wordOf(writes) + "' where type is " + Section.wordOf(type),
          type == Type.BLOCK_DEVICE
              ? "a block device has overwrite only"
              : "ext2-like has overwrite and append");
    }
  }
}
