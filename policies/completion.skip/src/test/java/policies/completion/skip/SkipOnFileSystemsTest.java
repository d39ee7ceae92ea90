package policies.completion.skip;

import static org.junit.jupiter.api.Assertions.assertEquals;

import block.bio.testing.FileFixture;
import fs.buffer.BlockDeviceInode;
import fs.buffer.BufferSettings;
import fs.iomap.FileLayout;
import fs.iomap.IomapFileSystem;
import fs.iomap.IomapSettings;
import mm.core.AddressSpace;
import mm.core.file.OpenFile;
import mm.core.file.RwFlags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sim.kernel.machine.MachineProfile;

/** Whether anything is dropped if bios are not deferred depends on where the file system ends. */
class SkipOnFileSystemsTest {
  private static final long WRITTEN_BYTES = 16 * 4096;

  private final FileFixture fixture =
      new FileFixture(MachineProfile.ofCpus(2).withoutCosts(), FileFixture.FIXED)
          .withInlineWriteback();

  @BeforeEach
  void skip() {
    fixture.layer().completions().use(SkipCompletionPolicy.ID, new SkipCompletionPolicy());
  }

  private String levelsAfterDontcacheWrite(AddressSpace mapping) {
    OpenFile file = new OpenFile(mapping);
    fixture.call(x -> fixture.cache().write(x, file, 0, WRITTEN_BYTES, RwFlags.DONTCACHE));
    fixture.runForNs(10_000_000);
    fixture.verifyIdle();
    return fixture.levels();
  }

  @Test
  void bufferHeadsEndInTheInterruptAndEveryFolioStaysCached() {
    BlockDeviceInode inode =
        new BlockDeviceInode(
            fixture.cache(), fixture.backingDevice(), fixture.device(), BufferSettings.DEFAULT);
    assertEquals("cached 16 dirty 0 writeback 0", levelsAfterDontcacheWrite(inode.mapping()));
  }

  private AddressSpace iomapFile(FileLayout layout) {
    return new IomapFileSystem(
            fixture.cache(), fixture.backingDevice(), fixture.device(), IomapSettings.DEFAULT)
        .newFile(layout, layout == FileLayout.SPARSE ? 0 : WRITTEN_BYTES)
        .mapping();
  }

  @Test
  void newBlocksOfIomapEndInTheFileSystemsTaskAndNoFolioStays() {
    assertEquals(
        "cached 0 dirty 0 writeback 0", levelsAfterDontcacheWrite(iomapFile(FileLayout.SPARSE)));
  }

  @Test
  void overwritesOfIomapEndInTheInterruptAsBuffersDo() {
    assertEquals(
        "cached 16 dirty 0 writeback 0", levelsAfterDontcacheWrite(iomapFile(FileLayout.WRITTEN)));
  }
}
