package cnf.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.Baseline.Info;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Instructions;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * An exported package whose API has changed since the last release has a higher version: minor if
 * those who call it don't notice, major if they do, or if a {@code @ConsumerType} grew. {@code
 * cnf/baseline} builds the last release and says where.
 */
class BaselineTest {
  @Test
  void everyExportedPackageHasAVersionThatTellsWhatHappenedToIt() throws Exception {
    String folder = System.getProperty("baseline.folder", "");
    Assumptions.assumeFalse(
        folder.isEmpty(),
        "nothing to compare with: cnf/baseline names the last release, the last tag v*");
    List<String> faults = new ArrayList<>();
    int compared = 0;
    for (Bundle bundle : House.bundles()) {
      Bundle released = new Bundle(Path.of(folder), bundle.folder());
      if (Files.isDirectory(released.root().resolve(released.folder()))) {
        compared++;
        try (Jar newer = new Jar(bundle.jar().toFile());
            Jar older = new Jar(released.jar().toFile())) {
          faults.addAll(faults(bundle.name(), newer, older));
        }
      }
    }
    assertTrue(compared > 0, "nothing to compare with in " + folder);
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void aBundleThatHasNotChangedNeedsNoOtherVersion() throws Exception {
    try (Jar newer = blockBio();
        Jar older = blockBio()) {
      assertEquals(List.of(), faults("block.bio", newer, older));
    }
  }

  @Test
  void aTypeThatIsNewNeedsAHigherMinorVersionAndOneThatIsGoneAHigherMajorOne() throws Exception {
    try (Jar newer = blockBio();
        Jar older = blockBio()) {
      older.remove("block/bio/BioList.class");
      assertEquals(1, faults("block.bio", newer, older).size());
      List<String> faults = faults("block.bio", older, newer);
      assertEquals(1, faults.size());
      assertTrue(faults.get(0).startsWith("block.bio: block.bio is "), faults.get(0));
      assertTrue(faults.get(0).contains("MAJOR"), faults.get(0));
    }
  }

  private static Jar blockBio() throws Exception {
    return new Jar(new Bundle(House.root(), Path.of("block.bio")).jar().toFile());
  }

  private static List<String> faults(String bundle, Jar newer, Jar older) throws Exception {
    try (Processor reporter = new Processor()) {
      return new Baseline(reporter, new DiffPluginImpl())
          .baseline(newer, older, new Instructions("*")).stream()
              .filter(info -> info.mismatch)
              .sorted(Comparator.comparing(info -> info.packageName))
              .map(info -> fault(bundle, info))
              .toList();
    }
  }

  private static String fault(String bundle, Info info) {
    return "%s: %s is %s and was %s; it must be %s, since what happened to it is %s"
        .formatted(
            bundle,
            info.packageName,
            info.newerVersion,
            info.olderVersion,
            info.suggestedVersion,
            info.packageDiff.getDelta());
  }
}
