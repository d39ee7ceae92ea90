package launcher.cli.tck;

import policies.tck.TckFamily;

/**
 * A policy that is to be examined.
 *
 * @param <P> the policy interface of its family
 * @param id whole id
 * @param bundle symbolic name and version of its bundle
 * @param family its family
 * @param policy the service
 */
record Subject<P>(String id, String bundle, TckFamily<P> family, P policy) {
  /** A subject of whatever family; the service is of its type. */
  static <P> Subject<P> of(String id, String bundle, TckFamily<P> family, Object policy) {
    return new Subject<>(id, bundle, family, family.type().cast(policy));
  }
}
