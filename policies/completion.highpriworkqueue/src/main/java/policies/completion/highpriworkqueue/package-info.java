/** The completion policy highpri-workqueue: per-CPU work item of nice -20. */
package policies.completion.highpriworkqueue;
