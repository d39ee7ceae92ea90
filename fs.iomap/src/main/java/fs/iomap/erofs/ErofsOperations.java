package fs.iomap.erofs;

import mm.core.AddressSpace;
import mm.core.spi.mapping.ReadaheadControl;
import sim.kernel.Exec;

/** {@code z_erofs_aops} of one file: reads, and nothing else. */
final class ErofsOperations extends ReadOnlyOperations {
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
}
