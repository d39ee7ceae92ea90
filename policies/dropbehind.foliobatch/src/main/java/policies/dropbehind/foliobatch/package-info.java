/** The dropbehind policy folio-batch: a batch of 31 folios per CPU. */
package policies.dropbehind.foliobatch;
