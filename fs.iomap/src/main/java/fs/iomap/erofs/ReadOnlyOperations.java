package fs.iomap.erofs;

import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** What every mapping of EROFS answers, whoever reads it: nothing of it is ever written. */
abstract class ReadOnlyOperations implements AddressSpaceOperations {
  /** Nothing is ever dirty. */
  @Override
  public final void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    x.setResult(0);
  }

  @Override
  public final void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(-Errno.EROFS);
  }

  @Override
  public final void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    throw new IllegalStateException("a write to a read-only file system was begun");
  }

  /** {@code generic_ro_fops} has none. */
  @Override
  public final void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    x.setResult(-Errno.EINVAL);
  }

  @Override
  public final boolean releaseFolio(Exec x, int folio) {
    return true;
  }
}
