/** Reads measurements, and fits. */
package launcher.calibration.internal;
