/** {@code deferlab calibrate}. */
package launcher.cli.calibrate;
