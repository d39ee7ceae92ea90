package launcher.fio.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import launcher.fio.TestFiles;
import launcher.fio.job.FioJob;
import org.junit.jupiter.api.Test;

class IoSequenceTest {
  private static final String[] LETTERS = {"r", "w", "t", "s", "d", "f"};

  private static FioJob job(String... lines) {
    return TestFiles.parse(lines).jobs().get(0);
  }

  private static IoSequence sequence(String... lines) {
    return IoSequence.of(job(lines), ExistingFiles.EMPTY);
  }

  /** An operation as direction, file, {@code @} and offset in KiB. */
  private static String text(IoSequence sequence) {
    String letter = LETTERS[sequence.direction().ordinal()];
    String place = sequence.direction().transfers() ? "@" + sequence.offsetBytes() / 1024 : "";
    return letter + sequence.fileIndex() + place;
  }

  private static String all(String... lines) {
    return all(sequence(lines));
  }

  private static String all(IoSequence sequence) {
    List<String> operations = new ArrayList<>();
    while (sequence.next(0)) {
      operations.add(text(sequence));
    }
    return String.join(" ", operations);
  }

  @Test
  void onlyWholeBlocksAreIssued() {
    assertEquals("w0@0 w0@4", all("rw=write", "size=11k"));
  }

  @Test
  void aSyncStandsBeforeTheNextWriteAndNotAtTheEnd() {
    assertEquals("w0@0 w0@4 s0 w0@8 w0@12", all("rw=write", "size=16k", "fsync=2"));
    assertEquals("w0@0 d0 w0@4", all("rw=write", "size=8k", "fdatasync=1"));
  }

  @Test
  void endFsyncFollowsWhenTheLoopIsDone() {
    IoSequence sequence = sequence("rw=write", "size=8k", "nrfiles=2", "end_fsync=1");
    List<String> operations = new ArrayList<>();
    while (sequence.next(0)) {
      operations.add(text(sequence) + (sequence.endsLoop() ? "!" : ""));
    }
    assertEquals(List.of("w0@0", "w1@0", "s0!", "s1!"), operations);
  }

  @Test
  void syncFileRangeCoversTheWritesSinceTheLast() {
    IoSequence sequence = sequence("rw=write", "size=20k", "sync_file_range=write:2");
    List<String> ranges = new ArrayList<>();
    while (sequence.next(0)) {
      if (sequence.direction() == IoDirection.SYNC_FILE_RANGE) {
        ranges.add(sequence.offsetBytes() + "+" + sequence.lengthBytes());
      }
    }
    // Writes at 0, 4k | 8k, 12k | 16k.
    assertEquals(List.of("0+8192", "8192+8192"), ranges);
  }

  @Test
  void aRandomMapVisitsEachBlockOnce() {
    String[] operations = all("rw=randread", "size=4m").split(" ");
    assertEquals(1_024, operations.length);
    assertEquals(1_024, new TreeSet<>(List.of(operations)).size());
  }

  @Test
  void anLfsrVisitsEachBlockOnce() {
    String[] operations =
        all("rw=randread", "size=4m", "random_generator=lfsr", "norandommap").split(" ");
    assertEquals(1_024, operations.length);
    assertEquals(1_024, new TreeSet<>(List.of(operations)).size());
  }

  @Test
  void clonesDrawOtherOffsetsAndRunsTheSame() {
    List<FioJob> jobs = TestFiles.parse("rw=randread", "size=1m", "numjobs=2").jobs();
    String first = all(IoSequence.of(jobs.get(0), ExistingFiles.EMPTY));
    assertEquals(first, all(IoSequence.of(jobs.get(0), ExistingFiles.EMPTY)));
    assertFalse(first.equals(all(IoSequence.of(jobs.get(1), ExistingFiles.EMPTY))));
  }

  @Test
  void backwardsBeginsAtTheStartAndGoesOnFromTheEnd() {
    // From 0 a position of 4k - 8k is before the start: to the end, 16k - 8k.
    assertEquals("r0@0 r0@8 r0@4 r0@0", all("rw=read:-8k", "size=16k"));
  }

  @Test
  void holesAreLeftBetweenWrites() {
    // 6 blocks in the file; the budget of 16 KiB takes 4, and 24k + 4k goes round to 0.
    assertEquals("w0@0 w0@8 w0@16 w0@0", all("rw=write:4k", "size=24k", "io_size=16k"));
  }

  @Test
  void aRunOfARandomJobGoesOnInSequence() {
    String[] operations = all("rw=randread:3", "size=16m", "number_ios=7").split(" ");
    // Runs are 0 to 2 and 3 to 5.
    for (int i : new int[] {1, 2, 4, 5}) {
      long before = Long.parseLong(operations[i - 1].substring(3));
      assertEquals("r0@" + (before + 4), operations[i]);
    }
  }

  @Test
  void aTrimPrecedesTheWriteOfItsBlock() {
    assertEquals("t0@0 w0@0 t0@4 w0@4", all("rw=trimwrite", "size=8k"));
  }

  @Test
  void filesTakeTurns() {
    // 20480 / 3 is 6826 bytes each, in which one block fits; the rest is lost.
    assertEquals("w0@0 w1@0 w2@0", all("rw=write", "size=20k", "nrfiles=3"));
    assertEquals(
        "w0@0 w0@4 w1@0 w1@4",
        all("rw=write", "size=16k", "nrfiles=2", "file_service_type=sequential"));
  }

  @Test
  void noMoreFilesAreOpenThanAllowed() {
    assertEquals(
        "w0@0 w1@0 w0@4 w1@4 w2@0 w3@0 w2@4 w3@4",
        all("rw=write", "size=32k", "nrfiles=4", "openfiles=2"));
  }

  @Test
  void loopsRepeatAndNumberIosCapsThemTogether() {
    assertEquals("w0@0 w0@4 w0@0 w0@4", all("rw=write", "size=8k", "loops=2"));
    // 3 in each of two loops, but a loop ends with the data.
    assertEquals("w0@0 w0@4 w0@0 w0@4", all("rw=write", "size=8k", "loops=2", "number_ios=3"));
  }

  @Test
  void aTimeBasedJobGoesRoundUntilItIsCutShort() {
    IoSequence sequence = sequence("rw=write", "size=8k", "runtime=1", "time_based", "end_fsync=1");
    List<String> operations = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      assertTrue(sequence.next(0));
      operations.add(text(sequence) + (sequence.invalidatesFile() ? "i" : ""));
    }
    assertEquals(List.of("w0@0i", "w0@4", "w0@0i", "w0@4", "w0@0i"), operations);
    sequence.cutShort();
    assertEquals("s0", all(sequence));
  }

  @Test
  void aRateSpacesTheIosEvenly() {
    // 8 KiB a second are two blocks of 4 KiB.
    IoSequence sequence = sequence("rw=write", "size=16k", "rate=8k");
    List<Long> due = new ArrayList<>();
    long nowNs = 0;
    while (sequence.next(nowNs)) {
      nowNs = Math.max(nowNs, sequence.notBeforeNs());
      due.add(nowNs);
    }
    assertEquals(List.of(0L, 500_000_000L, 1_000_000_000L, 1_500_000_000L), due);
  }

  @Test
  void aMixedJobTurnsToTheDirectionThatIsBehind() {
    // 4 KiB a second of reads only: after one read the next is due in a second, writes at once.
    IoSequence sequence = sequence("rw=rw", "size=64k", "rate=4k,1g", "rwmixread=99");
    assertTrue(sequence.next(0));
    assertEquals("r0@0", text(sequence));
    assertTrue(sequence.next(0));
    assertEquals("w0@0", text(sequence));
    assertEquals(0, sequence.notBeforeNs());
  }

  @Test
  void aFileIsInvalidatedWhenItIsOpened() {
    IoSequence sequence = sequence("rw=read", "size=8k");
    assertTrue(sequence.next(0));
    assertTrue(sequence.invalidatesFile());
    assertTrue(sequence.next(0));
    assertFalse(sequence.invalidatesFile());
  }

  @Test
  void aJobWithoutSizeNeedsAFileThatIsThere() {
    FioJob job = job("rw=read", "filename=/dev/x");
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> IoSequence.of(job, ExistingFiles.EMPTY));
    assertEquals(
        "t.fio:1: [j]: size is not given and no file is there; give size= or filesize=",
        error.getMessage());
    assertEquals("r0@0 r0@4 r0@8", all(IoSequence.of(job, disk(14 * 1_024))));
  }

  @Test
  void aShareOfADeviceIsTakenOfItsSize() {
    FioJob job = job("rw=read", "filename=/dev/x", "size=50%", "offset=25%");
    // A quarter of 16k in, and half of the whole long.
    assertEquals("r0@4 r0@8", all(IoSequence.of(job, disk(16 * 1_024))));
  }

  private static ExistingFiles disk(long sizeBytes) {
    return new ExistingFiles() {
      @Override
      public long sizeBytes(String path) {
        return sizeBytes;
      }

      @Override
      public boolean isBlockDevice(String path) {
        return true;
      }
    };
  }
}
