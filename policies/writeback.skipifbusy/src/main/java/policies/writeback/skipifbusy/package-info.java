/** The writeback policy skip-if-busy: as lazy, one writer a file at a time. */
package policies.writeback.skipifbusy;
