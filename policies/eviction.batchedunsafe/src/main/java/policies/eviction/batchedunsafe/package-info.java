/** The eviction policy batchedunsafe: folios are unlocked before the TLB flush, as first posted. */
package policies.eviction.batchedunsafe;
