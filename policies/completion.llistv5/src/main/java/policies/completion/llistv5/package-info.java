/** The completion policy llist-v5: per-CPU lockless list behind a timer of one tick. */
package policies.completion.llistv5;
