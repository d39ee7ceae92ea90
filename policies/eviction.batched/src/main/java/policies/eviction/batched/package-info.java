/** The eviction policy batched: a batch of folios shares one TLB flush. */
package policies.eviction.batched;
