/** The bridge from the OSGi Log Service to SLF4J. */
package cnf.logging;
