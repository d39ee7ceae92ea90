/** The eviction policy batched: what shrink_folio_list() does. */
package policies.eviction.batched;
