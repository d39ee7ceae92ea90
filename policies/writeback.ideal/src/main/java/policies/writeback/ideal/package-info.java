/** The writeback policy ideal: bound: submits at once, at nobody's cost, and no writer waits. */
package policies.writeback.ideal;
