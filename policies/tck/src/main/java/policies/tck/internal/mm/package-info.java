/** The rules of dropbehind, writeback and eviction policies, and their trials on a page cache. */
package policies.tck.internal.mm;
