package fs.iomap.erofs;

import mm.core.AddressSpace;
import mm.core.Errno;
import mm.core.spi.mapping.AddressSpaceOperations;
import mm.core.spi.mapping.ReadaheadControl;
import mm.core.spi.mapping.WritebackControl;
import sim.kernel.Exec;

/** {@code z_erofs_aops} of one file: reads, and nothing else. */
final class ErofsOperations implements AddressSpaceOperations {
  private final ErofsFileSystem fs;
  private final ErofsFile file;

  ErofsOperations(ErofsFileSystem fs, ErofsFile file) {
    this.fs = fs;
    this.file = file;
  }

  @Override
  public void readahead(Exec x, AddressSpace mapping, ReadaheadControl rac) {
    fs.takeRead().begin(x, file, rac);
  }

  /** Nothing is ever dirty. */
  @Override
  public void writepages(Exec x, AddressSpace mapping, WritebackControl wbc) {
    x.setResult(0);
  }

  @Override
  public void writeBegin(Exec x, AddressSpace mapping, int folio, long pos, int lengthBytes) {
    x.setResult(-Errno.EROFS);
  }

  @Override
  public void writeEnd(Exec x, AddressSpace mapping, int folio, long pos, int copiedBytes) {
    throw new IllegalStateException("a write to a read-only file system was begun");
  }

  /** {@code generic_ro_fops} has none. */
  @Override
  public void fsync(Exec x, AddressSpace mapping, boolean dataOnly) {
    x.setResult(-Errno.EINVAL);
  }

  @Override
  public boolean releaseFolio(Exec x, int folio) {
    return true;
  }
}
