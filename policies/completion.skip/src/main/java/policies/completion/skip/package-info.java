/** The completion policy skip: leaves the bio alone: dropbehind is skipped in atomic context. */
package policies.completion.skip;
