/** The completion policy unbound-workqueue: a work item on any idle CPU of the cache. */
package policies.completion.unboundworkqueue;
