package launcher.scenario;

import block.bio.BioOp;
import block.bio.BlkStatus;
import java.util.Optional;

/**
 * Commands that the device ends with an error.
 *
 * @param atNs virtual time from which on commands end so
 * @param status how
 * @param op commands of which kind; empty for all
 * @param count how many commands, the first that the device completes
 * @param offsetBytes where the range begins that they touch
 * @param sizeBytes how long that range is; {@link Long#MAX_VALUE}: to the end of the device
 */
public record DeviceFault(
    long atNs,
    BlkStatus status,
    Optional<BioOp> op,
    long count,
    long offsetBytes,
    long sizeBytes) {}
