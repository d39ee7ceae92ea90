package launcher.itest;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/**
 * The packaged program and the bundles in it.
 *
 * <p>Tests install what was packaged, by file: no coordinates, which may answer with an older jar,
 * and no list of bundles but the one that was resolved from {@code cnf/deferlab.bndrun}.
 */
final class Program {
  /** The start level up to which a headless run starts its bundles. */
  static final int HEADLESS_LEVEL = 11;

  private static final Pattern FRAGMENT = Pattern.compile("cnf\\.(slf4j|logback)");
  private static final Pattern ATTRIBUTES =
      Pattern.compile("([^;,]+);version=\"[^\"]*\";startlevel=(\\d+)");

  private Program() {}

  /** The top folder of the checkout. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.isRegularFile(folder.resolve("cnf/deferlab.bndrun"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
    }
    return folder;
  }

  /** The executable jar. */
  static Path jar() {
    return root().resolve("cnf/distribution/target/deferlab.jar");
  }

  /** The words that start a JVM for it, but for those that a test adds. */
  static List<String> java() {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of(jvmOptions().split(" ")));
    if (Runtime.version().feature() >= 23) {
      words.add("--sun-misc-unsafe-memory-access=allow");
    }
    return words;
  }

  /** The options of every JVM that a test starts, as the build says. */
  static String jvmOptions() {
    return System.getProperty("test.jvm", "-XX:+UseSerialGC");
  }

  /** Maven's version of this build: that of the first line of its parent POM that names one. */
  static String version() {
    try {
      Matcher version =
          Pattern.compile("<version>([^<]+)</version>")
              .matcher(Files.readString(root().resolve("cnf/pom.xml")));
      if (!version.find()) {
        throw new IllegalStateException("cnf/pom.xml: has no version");
      }
      return version.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every bundle of the program with its start level, by symbolic name. */
  static Map<String, Integer> startLevels() {
    Map<String, Integer> levels = new LinkedHashMap<>();
    Matcher matcher = ATTRIBUTES.matcher(properties().getProperty("launch.runbundles.attrs"));
    while (matcher.find()) {
      levels.put(matcher.group(1), Integer.valueOf(matcher.group(2)));
    }
    return levels;
  }

  /** All that the program starts without a shell, for a framework in the test's JVM. */
  static Option headless() {
    List<Option> options = new ArrayList<>();
    // Else the bundles see the SLF4J and the Logback of the test's own class path.
    options.add(frameworkProperty("felix.bootdelegation.implicit").value("false"));
    options.add(frameworkStartLevel(HEADLESS_LEVEL));
    List<String> names = List.copyOf(startLevels().keySet());
    List<Path> files = files();
    for (int i = 0; i < names.size(); i++) {
      UrlProvisionOption bundle = bundle(files.get(i).toUri().toString());
      int level = startLevels().get(names.get(i));
      options.add(
          FRAGMENT.matcher(names.get(i)).matches()
              ? bundle.startLevel(1).noStart()
              : bundle.startLevel(level));
    }
    return composite(options.toArray(Option[]::new));
  }

  /** The file of one bundle of the program, unpacked. */
  static Path file(String symbolicName) {
    int index = List.copyOf(startLevels().keySet()).indexOf(symbolicName);
    if (index < 0) {
      throw new IllegalArgumentException("the program has no bundle " + symbolicName);
    }
    return files().get(index);
  }

  /** The bundles' files, unpacked, in the order of {@link #startLevels}. */
  private static List<Path> files() {
    Path folder = new File("target/program").toPath();
    List<Path> files = new ArrayList<>();
    try (JarFile jar = new JarFile(jar().toFile())) {
      Files.createDirectories(folder);
      for (String name : properties().getProperty("launch.bundles").split(",")) {
        Path file = folder.resolve(name.substring(name.lastIndexOf('/') + 1)).toAbsolutePath();
        try (InputStream in = jar.getInputStream(jar.getEntry(name))) {
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        files.add(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private static Properties properties() {
    Properties properties = new Properties();
    try (JarFile jar = new JarFile(jar().toFile());
        InputStream in = jar.getInputStream(jar.getEntry("launcher.properties"))) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
