/** The writeback policy lazy: the writer flushes its range unless its file is under writeback. */
package policies.writeback.lazy;
