/** The eviction policy ideal: bound: the TLBs forget at once and at no cost. */
package policies.eviction.ideal;
