/** Reading the sections of a validation. */
package launcher.validation.internal;
