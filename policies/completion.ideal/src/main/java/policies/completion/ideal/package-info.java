/** The completion policy ideal: bound: a task at once and at no cost. */
package policies.completion.ideal;
