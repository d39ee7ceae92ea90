/** The writeback policy inline: the writer flushes its own range. */
package policies.writeback.inline;
