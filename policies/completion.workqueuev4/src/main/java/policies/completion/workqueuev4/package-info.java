/** The completion policy workqueue-v4: per-CPU work item, queued by each bio. */
package policies.completion.workqueuev4;
