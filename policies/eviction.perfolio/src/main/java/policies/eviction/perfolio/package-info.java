/** The eviction policy perfolio: one unmap and one TLB flush a folio. */
package policies.eviction.perfolio;
