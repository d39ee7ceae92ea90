/** The completion policy adaptive: a work item, helped by a real-time thread when bios grow old. */
package example.completion.adaptive;
