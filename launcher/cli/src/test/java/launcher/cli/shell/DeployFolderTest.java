package launcher.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleException;

class DeployFolderTest {
  @Test
  void aMessageHasTheReasonOfTheFramework() {
    assertEquals(
        "Error while starting bundle: x.jar: Unable to resolve a.b: missing c.d",
        DeployFolder.text(
            "Error while starting bundle: x.jar",
            new RuntimeException(
                "no", new BundleException("Unable to resolve a.b: missing c.d", new Error("no")))));
    assertEquals("Failed", DeployFolder.text("Failed: ", null));
  }
}
