package launcher.calibration;

import java.io.IOException;

/** An input can't be used; the message names file, line, value and remedy. */
public final class CalibrationException extends IOException {
  private static final long serialVersionUID = 1;

  /** For one input. */
  public CalibrationException(String message) {
    super(message);
  }
}
