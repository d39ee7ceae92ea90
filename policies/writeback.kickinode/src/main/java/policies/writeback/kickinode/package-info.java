/** The writeback policy kick-inode: has a worker write the inode alone. */
package policies.writeback.kickinode;
