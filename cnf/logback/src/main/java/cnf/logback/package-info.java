/**
 * The default configuration of Logback, in Java because reading it from XML costs 0.2 s a start.
 */
package cnf.logback;
