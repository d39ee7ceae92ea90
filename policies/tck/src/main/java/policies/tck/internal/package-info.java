/** What the trials of all families are made of. */
package policies.tck.internal;
