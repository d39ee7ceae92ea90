/** The eviction policy batchedv4: 31 dirty folios share a TLB flush, locked again before it. */
package policies.eviction.batchedv4;
