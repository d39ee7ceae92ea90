/** The writeback policy kickbdi: wakes the whole device's flusher. */
package policies.writeback.kickbdi;
