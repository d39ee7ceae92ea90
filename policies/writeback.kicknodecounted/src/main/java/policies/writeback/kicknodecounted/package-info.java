/** The writeback policy kick-node-counted: wakes the flusher for as many pages as the node has. */
package policies.writeback.kicknodecounted;
