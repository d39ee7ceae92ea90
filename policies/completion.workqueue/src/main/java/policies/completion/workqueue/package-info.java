/** The completion policy workqueue: per-CPU work item, as the merged kernel series does. */
package policies.completion.workqueue;
