package launcher.itest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Somebody who has no checkout, only what {@code mvn install} of one leaves: a local Maven
 * repository, made here of links to this build's and of this build's own artifacts. So nothing is
 * installed where the user would find it, and nothing is answered from there.
 */
final class Stranger {
  private static final int LONGEST_S = 600;

  /** The folders of what a policy is built against, and of the POMs that these inherit. */
  private static final List<String> BUNDLES =
      List.of("sim.kernel", "mm.core", "block.bio", "policies/tck", "policies/archetype");

  private static final Map<String, String> PARENTS =
      Map.of("cnf", "cnf", "deferlab", ".", "policies", "policies");

  private final Path home;
  private final Path repository;

  /** A stranger who works in that folder. */
  Stranger(Path home) throws IOException {
    this.home = home;
    // Not in the home, whose end would follow the links.
    repository = Files.createDirectories(Path.of("target/stranger/repository").toAbsolutePath());
    linkOthers(Path.of(System.getProperty("localRepository")));
    for (Map.Entry<String, String> parent : PARENTS.entrySet()) {
      install(parent.getKey(), Program.root().resolve(parent.getValue()), List.of());
    }
    for (String bundle : BUNDLES) {
      Path folder = Program.root().resolve(bundle);
      install(bundle.replace('/', '.'), folder, List.of(".jar", "-tests.jar"));
    }
  }

  private void linkOthers(Path local) throws IOException {
    try (Stream<Path> entries = Files.list(local)) {
      for (Path entry : entries.filter(e -> !e.endsWith("deferlab")).toList()) {
        Path link = repository.resolve(entry.getFileName());
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, entry.toAbsolutePath());
      }
    }
  }

  /** As maven-install-plugin does. */
  private void install(String artifact, Path folder, List<String> endings) throws IOException {
    String version = Program.version();
    Path to = Files.createDirectories(repository.resolve("deferlab/" + artifact + "/" + version));
    String name = artifact + "-" + version;
    Files.copy(
        folder.resolve("pom.xml"), to.resolve(name + ".pom"), StandardCopyOption.REPLACE_EXISTING);
    for (String ending : endings) {
      Path file = folder.resolve("target").resolve(name + ending);
      if (Files.exists(file)) {
        Files.copy(file, to.resolve(name + ending), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Copies a folder of the checkout, without what was built in it. */
  Path copyOf(String folder) throws IOException {
    Path from = Program.root().resolve(folder);
    Path to = home.resolve(from.getFileName());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path relative = from.relativize(file);
        if (!relative.startsWith("target")) {
          Files.createDirectories(to.resolve(relative).getParent());
          Files.copy(file, to.resolve(relative), StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    return to;
  }

  /** Builds and tests a project, without the network. */
  void build(Path project) throws IOException, InterruptedException {
    ProgramRun built = shell(project, "mvn verify");
    if (built.status() != 0) {
      throw new AssertionError("mvn verify in " + project + ":\n" + built.out());
    }
  }

  /**
   * Runs lines of bash until one fails; {@code mvn} and {@code deferlab} in them are this build's.
   *
   * @return all that was printed is in {@code out}
   */
  ProgramRun shell(Path work, String lines) throws IOException, InterruptedException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    command(bin.resolve("deferlab"), String.join(" ", Program.java()) + " -jar " + Program.jar());
    command(
        bin.resolve("mvn"),
        System.getProperty("maven.home")
            + "/bin/mvn -o -B -ntp -Dstyle.color=never -Dmaven.repo.local="
            + repository);
    Path log = home.resolve("shell.log");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-e", "-c", lines)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("MAVEN_OPTS", Program.jvmOptions());
    builder.environment().merge("PATH", "", (path, none) -> bin + ":" + path);
    Process process = builder.start();
    process.getOutputStream().close();
    if (!process.waitFor(LONGEST_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after " + LONGEST_S + " s: " + lines);
    }
    return new ProgramRun(process.exitValue(), Files.readString(log), "");
  }

  private static void command(Path file, String does) throws IOException {
    Files.writeString(file, "#!/bin/sh\nexec " + does + " \"$@\"\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs the program in a folder. */
  ProgramRun deferlab(Path work, String... arguments) throws IOException, InterruptedException {
    return ProgramRun.of(home, work, List.of(arguments));
  }
}
