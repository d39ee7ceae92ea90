package launcher.scenario;

import block.bio.BioOp;
import java.util.Optional;

/**
 * Commands with which something goes wrong.
 *
 * @param atNs virtual time from which on it does
 * @param untilNs virtual time at which it no longer does; {@link Long#MAX_VALUE}: never
 * @param effect what goes wrong
 * @param op commands of which kind; empty for all
 * @param count how many commands, the first that it could happen to
 * @param offsetBytes where the range begins that they touch
 * @param sizeBytes how long that range is; {@link Long#MAX_VALUE}: to the end of the device
 */
public record DeviceFault(
    long atNs,
    long untilNs,
    DeviceFaultEffect effect,
    Optional<BioOp> op,
    long count,
    long offsetBytes,
    long sizeBytes) {}
