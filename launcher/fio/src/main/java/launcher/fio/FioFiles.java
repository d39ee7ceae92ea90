package launcher.fio;

import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** The files that job files refer to. */
@ConsumerType
public interface FioFiles {
  /**
   * The bytes of a job file, an include file or a pattern file.
   *
   * @param name relative to the current folder
   * @return empty if there is none
   */
  Optional<byte[]> read(String name);

  /** Whether {@code directory=} may name it. A simulation makes its folders up, and says yes. */
  boolean isDirectory(String name);
}
