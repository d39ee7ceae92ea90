package launcher.scenario.internal.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import launcher.scenario.policy.OfferedPolicy;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Version;

class PolicyOffersTest {
  private static final String SPI = "block.bio.spi.completion";

  private final PolicyOffers offers =
      new PolicyOffers(
          new ExportedPackages()
              .add(SPI, new Version("1.3.0"))
              .add("sim.kernel", new Version("1.0.0")));

  private static String capability(String version) {
    return "osgi.service;objectClass:List<String>=\"a.b,c.d\";uses:=\"a.b,c.d\""
        + ",deferlab.policy;family=completion;id=\"completion.mine\";version:Version=\""
        + version
        + "\"";
  }

  private OfferedPolicy offered(String capability, String imports) {
    Map<String, String> headers =
        Map.of(
            "Bundle-SymbolicName",
            "my.policy;singleton:=true",
            "Bundle-Version",
            "1.2.3",
            "Bundle-Description",
            "completion policy: does it my way",
            "Import-Package",
            imports,
            "Provide-Capability",
            capability);
    List<OfferedPolicy> policies = offers.of(headers::get);
    assertEquals(1, policies.size());
    return policies.get(0);
  }

  private String refusal(String builtFor) {
    return offered(capability(builtFor), SPI + ";version=\"[1.0,2)\"").refusal();
  }

  @Test
  void aPolicyIsWhatItsManifestSays() {
    assertEquals(
        new OfferedPolicy(
            "completion", "completion.mine", "1.2.0", "my.policy 1.2.3", "does it my way", ""),
        offered(capability("1.2.0"), SPI + ";sim.kernel;version=\"[1.0,2)\",java.util"));
  }

  @Test
  void anOlderMinorVersionAndThisOneAreServed() {
    assertEquals("", refusal("1.0.0"));
    assertEquals("", refusal("1.3.9"));
  }

  @Test
  void aFutureMajorVersionIsRefused() {
    assertEquals(
        "it was built for version 2.0.0 of block.bio.spi.completion; here is 1.3.0."
            + " Use a newer deferlab, or build it against this one",
        refusal("2.0.0"));
  }

  @Test
  void aFutureMinorVersionIsRefused() {
    assertEquals(
        "it was built for version 1.4.0 of block.bio.spi.completion; here is 1.3.0."
            + " Use a newer deferlab, or build it against this one",
        refusal("1.4.0"));
  }

  @Test
  void aPastMajorVersionIsRefused() {
    assertEquals(
        "it was built for version 0.9.0 of block.bio.spi.completion; here is 1.3.0."
            + " Build it against the deferlab that is here",
        refusal("0.9.0"));
  }

  @Test
  void anUnknownFamilyIsRefused() {
    assertEquals(
        "there is no family 'readahead'; there are completion, dropbehind, writeback, eviction",
        offered("deferlab.policy;family=readahead;id=readahead.mine", SPI).refusal());
  }

  @Test
  void aPackageThatIsNotHereIsNamed() {
    assertEquals(
        "it needs package sim.kernel [2.0.0,3.0.0); here is 1.0.0",
        offered(capability("1.0.0"), SPI + ",sim.kernel;version=\"[2.0,3)\"").refusal());
    assertEquals(
        "it needs package org.slf4j [1.7.0,3.0.0); here is none",
        offered(capability("1.0.0"), "org.slf4j;version=\"[1.7,3)\"").refusal());
    assertEquals(
        "", offered(capability("1.0.0"), "org.slf4j;resolution:=optional;version=1").refusal());
  }
}
