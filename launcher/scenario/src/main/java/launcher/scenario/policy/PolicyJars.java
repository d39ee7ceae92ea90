package launcher.scenario.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Reads what policies a jar brings from its manifest alone: nothing is installed or started. */
@ProviderType
public interface PolicyJars {
  /**
   * The policies of one jar, and whether they could be used here.
   *
   * @param jar a bundle
   * @return in the order of the manifest; empty if it brings none
   * @throws IOException if it can't be read as a jar with a manifest
   */
  List<OfferedPolicy> offered(Path jar) throws IOException;
}
