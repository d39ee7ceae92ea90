/** The completion policy rt-thread-per-bio: a SCHED_FIFO kthread for bios that ask for it. */
package policies.completion.rtthreadperbio;
