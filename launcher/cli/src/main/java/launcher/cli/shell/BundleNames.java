package launcher.cli.shell;

import java.util.regex.Pattern;
import org.apache.felix.service.command.Converter;
import org.apache.felix.service.command.Descriptor;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/**
 * Lets the framework's commands take a bundle by its symbolic name: {@code stop
 * policies.completion.skip}, or by its number, which may be 0, the framework: Gogo's own converter
 * refuses that one. Those that take nothing but a number get it from {@code bundle:id}.
 */
public final class BundleNames implements Converter {
  static final String SCOPE = "bundle";
  static final String[] FUNCTIONS = {"id"};

  /** As many digits as any {@code long} has room for. */
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  private final BundleContext context;

  BundleNames(BundleContext context) {
    this.context = context;
  }

  /** {@code start (bundle:id policies.completion.skip)}. */
  @Descriptor("number of a bundle: start (bundle:id policies.completion.skip)")
  public long id(@Descriptor("symbolic name") String name) {
    Object bundle = convert(Bundle.class, name);
    if (bundle == null) {
      throw new IllegalArgumentException("no bundle '" + name + "'; lb lists them");
    }
    return ((Bundle) bundle).getBundleId();
  }

  @Override
  public Object convert(Class<?> type, Object in) {
    if (type != Bundle.class || !(in instanceof CharSequence)) {
      return null;
    }
    String name = in.toString();
    if (NUMBER.matcher(name).matches()) {
      return context.getBundle(Long.parseLong(name));
    }
    for (Bundle bundle : context.getBundles()) {
      if (name.equals(bundle.getSymbolicName())) {
        return bundle;
      }
    }
    return null;
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return null;
  }
}
