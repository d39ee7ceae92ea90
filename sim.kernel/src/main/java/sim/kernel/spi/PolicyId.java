package sim.kernel.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Names a policy: {@code family.name}, lower case, hyphens inside words. Becomes the service
 * property {@code policy.id}.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PolicyId {
  /** The id, for example {@code completion.rt-thread}; also the component's name and PID. */
  String value();
}
