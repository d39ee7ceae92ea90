package sim.kernel.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names a policy: {@code family.name}, lower case, hyphens inside words. Becomes the service
 * property {@code policy.id}.
 *
 * <p>Also says in the bundle's manifest what it brings, for whoever has only the jar: bnd makes it
 * a capability {@code deferlab.policy} with the attributes {@code family}, {@code id} and {@code
 * version}. The last is the version of the family's SPI package that the bundle was built against:
 * a bundle that was built for another major version, or for a later minor one than is there, can't
 * be used.
 */
@ComponentPropertyType
@Capability(
    namespace = PolicyId.NAMESPACE,
    attribute = {
      "family=${replacestring;${#value};\\..*;}",
      "id=${#value}",
      "version:Version=" + SpiVersions.OF_FAMILY
    })
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PolicyId {
  /** Namespace of the capability that a policy's bundle provides. */
  String NAMESPACE = "deferlab.policy";

  /** The id, for example {@code completion.rt-thread}; also the component's name and PID. */
  String value();
}
