/** The dropbehind policy task-only: what does not end in a task stays cached. */
package policies.dropbehind.taskonly;
