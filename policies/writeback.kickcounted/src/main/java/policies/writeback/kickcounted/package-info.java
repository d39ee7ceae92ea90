/**
 * The writeback policy kickcounted: wakes the flusher for a counted number of pages, as the merged
 * series does.
 */
package policies.writeback.kickcounted;
