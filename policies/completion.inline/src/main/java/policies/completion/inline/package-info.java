/** The completion policy inline: ends a bio in the interrupt; wrong on purpose. */
package policies.completion.inline;
