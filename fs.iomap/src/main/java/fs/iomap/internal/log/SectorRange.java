package fs.iomap.internal.log;

/**
 * A part of the device.
 *
 * @param firstSector where it begins
 * @param sectors how long it is
 */
public record SectorRange(long firstSector, long sectors) {}
