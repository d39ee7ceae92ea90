/** The rules of completion policies and their trials. */
package policies.tck.internal.completion;
