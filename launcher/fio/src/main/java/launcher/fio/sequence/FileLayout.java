package launcher.fio.sequence;

import java.util.ArrayList;
import java.util.List;
import launcher.fio.job.Amount;
import launcher.fio.job.BlockSizes;
import launcher.fio.job.FioJob;
import launcher.fio.job.JobFiles;
import launcher.fio.job.JobSize;
import launcher.fio.sequence.RandomSeeds.Use;

/**
 * How large a job's files are and which part of each it works on; what fio settles when it sets up
 * a job's files.
 *
 * @param parts one per file, in the order of {@link JobFiles#paths}
 * @param sizeBytes the job's size, over all files
 */
public record FileLayout(List<Part> parts, long sizeBytes) {
  /** Copies the list. */
  public FileLayout {
    parts = List.copyOf(parts);
  }

  /**
   * One file.
   *
   * @param path its name
   * @param offsetBytes where the job's region begins
   * @param regionBytes its length
   * @param sizeBytes the whole file, once laid out
   */
  public record Part(String path, long offsetBytes, long regionBytes, long sizeBytes) {}

  /**
   * Settles the sizes of a job's files.
   *
   * @throws IllegalArgumentException if no size can be told, or not one block fits
   */
  public static FileLayout of(FioJob job, ExistingFiles store) {
    return new Planner(job, store).plan();
  }

  private static final class Planner {
    private final FioJob job;
    private final ExistingFiles store;
    private final FioRandom sizes;

    Planner(FioJob job, ExistingFiles store) {
      this.job = job;
      this.store = store;
      boolean wide =
          job.offsets().generator() == launcher.fio.job.OffsetRules.Generator.TAUSWORTHE64;
      sizes = new FioRandom(wide, new RandomSeeds(job).of(Use.FILE_SIZE));
    }

    FileLayout plan() {
      JobSize size = job.size();
      JobFiles files = job.files();
      BlockSizes blocks = job.blockSizes();
      long present = 0;
      for (String path : files.paths()) {
        present += store.sizeBytes(path);
      }
      if (present == 0 && size.size().bytes() == 0 && files.sizeMaxBytes() == 0) {
        throw new IllegalArgumentException(
            where() + "size is not given and no file is there; give size= or filesize=");
      }
      long share = files.sizeMinBytes() == 0 ? size.size().bytes() / files.paths().size() : 0;
      long extraBlocks =
          files.sizeMinBytes() == 0
              ? (size.size().bytes() - share * files.paths().size()) / blocks.minBytes()
              : 0;
      List<Part> parts = new ArrayList<>();
      long total = 0;
      for (String path : files.paths()) {
        long wanted = share;
        if (extraBlocks > 0) {
          extraBlocks--;
          wanted += blocks.minBytes();
        }
        Part part = part(path, wanted);
        parts.add(part);
        total += percentOf(size.ioSize(), part.regionBytes());
      }
      long bytes = size.size().bytes();
      if (bytes == 0 || total != 0 && bytes > total) {
        bytes = total;
      }
      if (bytes < blocks.minBytes()) {
        throw new IllegalArgumentException(
            where() + "size is " + bytes + " bytes; it must hold a block of " + blocks.minBytes());
      }
      return new FileLayout(parts, bytes);
    }

    private Part part(String path, long share) {
      JobFiles files = job.files();
      long found = store.sizeBytes(path);
      long offset = startOffset(found, files.append() && !store.isBlockDevice(path));
      long region;
      if (files.sizeMinBytes() == 0) {
        region = share != 0 ? share : found - offset;
      } else if (found < files.sizeMinBytes() || found > files.sizeMaxBytes()) {
        region = drawnSize(files) - offset;
      } else {
        region = found - offset;
      }
      if (region < 0) {
        throw new IllegalArgumentException(
            where() + "offset is " + offset + "; it must lie inside " + path);
      }
      int percent = job.size().size().percent();
      if (percent != 0 && percent != 100) {
        long whole = region + offset;
        region = Math.min(whole / 100 * percent + whole % 100 * percent / 100, region);
        region -= region % job.blockSizes().minBytes();
      }
      boolean grows = !store.isBlockDevice(path) || found == 0;
      return new Part(path, offset, region, grows ? Math.max(found, offset + region) : found);
    }

    private long drawnSize(JobFiles files) {
      long from = files.sizeMinBytes();
      long to = files.sizeMaxBytes();
      return from == to ? from : sizes.between(from, to);
    }

    private long startOffset(long found, boolean append) {
      if (append) {
        return found;
      }
      JobSize size = job.size();
      Amount step = size.offsetIncrement();
      long increment = step.percent() != 0 ? step.percent() * found / 100 : step.bytes();
      long base = size.offset().bytes();
      if (size.offset().percent() != 0) {
        base = size.offset().percent() * found / 100;
      }
      long offset = base + job.identity().cloneIndex() * increment;
      if (size.offset().percent() != 0 || step.percent() != 0) {
        long align =
            size.offsetAlignBytes() != 0 ? size.offsetAlignBytes() : job.blockSizes().minBytes();
        offset = (offset + align - 1) / align * align;
      }
      return offset;
    }

    private String where() {
      return job.identity().file() + ":" + job.identity().line() + ": [" + job.name() + "]: ";
    }

    private static long percentOf(Amount amount, long bytes) {
      return amount.percent() == 0 ? bytes : bytes * amount.percent() / 100;
    }
  }
}
