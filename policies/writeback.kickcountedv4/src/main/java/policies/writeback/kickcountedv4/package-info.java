/**
 * The writeback policy kick-counted-v4: counts as merged, but approximately, and may lose a kick.
 */
package policies.writeback.kickcountedv4;
