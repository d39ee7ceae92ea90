/** The completion policy delayedworkv6: per-CPU delayed work, as the series' sixth version did. */
package policies.completion.delayedworkv6;
