/**
 * What the families have in common whose policies defer something: completion, whose policies defer
 * bios, and dropbehind, whose policies defer folios. An item is one or the other.
 */
package policies.tck.internal.deferral;
