package launcher.fio;

import java.util.List;
import java.util.Optional;

/**
 * Whether fio takes a file.
 *
 * @param exit fio's exit status
 * @param reason empty if it is accepted
 * @param messages what fio would print, but for its hints
 */
public record FioVerdict(int exit, Optional<FioRejection> reason, List<String> messages) {
  /** Copies the list. */
  public FioVerdict {
    messages = List.copyOf(messages);
  }

  /** Whether fio takes the file. */
  public boolean accept() {
    return exit == 0;
  }
}
