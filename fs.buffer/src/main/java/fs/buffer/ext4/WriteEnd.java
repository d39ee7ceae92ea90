package fs.buffer.ext4;

import block.bio.Bio;
import block.bio.BioEndIo;
import block.bio.BlkStatus;
import fs.buffer.internal.jbd2.Transaction;
import mm.core.AddressSpace;
import mm.core.FolioBlockStates;
import mm.core.PageCache;
import sim.kernel.Exec;
import sim.kernel.Step;
import sim.kernel.machine.Cost;

/**
 * The end of a write bio's folios ({@code ext4_finish_bio}), a folio a step: called by the bio
 * itself in whatever context it ends, or by the worker that has converted its extents. Pooled.
 */
final class WriteEnd implements BioEndIo {
  private final Ext4FileSystem fs;
  private final PageCache cache;
  private final FolioBlockStates states;
  private Bio bio;

  /** The transaction whose commit waits for it; null for none. */
  private Transaction transaction;

  private int vector;
  private final Step endFolio = this::endFolio;

  WriteEnd(Ext4FileSystem fs) {
    this.fs = fs;
    cache = fs.cache();
    states = fs.states();
  }

  void begin(Transaction waits) {
    transaction = waits;
  }

  /** {@code ext4_end_bio} of a bio that converts nothing. */
  @Override
  public void endIo(Exec x, Bio ended) {
    finish(x, ended);
  }

  void finish(Exec x, Bio ended) {
    bio = ended;
    vector = 0;
    endFolio(x);
  }

  private void endFolio(Exec x) {
    if (vector == bio.vectorCount()) {
      fs.bios().free(bio);
      bio = null;
      if (transaction != null) {
        fs.journal().endOrderedBio(x, transaction);
        transaction = null;
      }
      fs.free(this);
      return;
    }
    int folio = bio.folio(vector);
    int lengthBytes = bio.lengthBytes(vector);
    vector++;
    x.charge(Cost.BUFFER_END);
    x.charge(Cost.BUFFER_SCAN, cache.folios().nrPages(folio));
    if (bio.status() != BlkStatus.OK) {
      AddressSpace mapping = cache.mappings().of(folio);
      cache.setMappingError(mapping, bio.status().errno());
    }
    x.then(endFolio);
    if (!states.perBlock(folio) || states.addWritePending(states.of(folio), -lengthBytes) == 0) {
      cache.endWriteback(x, folio);
    }
  }
}
