/** The dropbehind policy global-batch: one batch of 31 folios for all CPUs. */
package policies.dropbehind.globalbatch;
