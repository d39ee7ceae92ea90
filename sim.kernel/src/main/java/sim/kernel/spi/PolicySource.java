package sim.kernel.spi;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.osgi.service.component.annotations.ComponentPropertyType;

/**
 * Says which part of which kernel a policy models, for whoever lists policies. Becomes the service
 * property {@code policy.source}. What the policy does is its bundle's {@code Bundle-Description}.
 */
@ComponentPropertyType
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface PolicySource {
  /** File and function, and the kernel or posted series: {@code "block/bio.c bio_endio, 7.3"}. */
  String value();
}
