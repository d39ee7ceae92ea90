package launcher.itest;

import static org.junit.Assert.assertEquals;

import aQute.bnd.osgi.Builder;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.osgi.annotation.bundle.Capability;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The policy of {@code examples/adaptive-completion}, built as its author builds it, but without a
 * Maven of its own: compiled against the program's bundles alone, and made a bundle by bnd with the
 * example's own instructions. {@link OutOfTreeIT} builds it with Maven.
 */
final class ExampleBundle {
  private static final List<String> API = List.of("sim.kernel", "mm.core", "block.bio");

  /** What bnd reads and nobody needs at run time. */
  private static final List<Class<?>> ANNOTATIONS =
      List.of(Capability.class, Component.class, Designate.class);

  private ExampleBundle() {}

  static void build(Path jar) throws Exception {
    Path example = Program.root().resolve("examples/adaptive-completion");
    Path classes = Files.createDirectories(jar.resolveSibling("classes"));
    compile(example.resolve("src/main/java"), classes);
    try (Builder builder = new Builder()) {
      builder.setBase(example.toFile());
      builder.setProperties(example.resolve("bnd.bnd").toFile());
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("-includepackage", "example.*");
      builder.addClasspath(classes.toFile());
      for (String file : classPath()) {
        builder.addClasspath(Path.of(file).toFile());
      }
      builder.build().write(jar.toFile());
      assertEquals(List.of(), builder.getErrors());
      assertEquals(List.of(), builder.getWarnings());
    }
  }

  private static List<String> classPath() throws IOException, URISyntaxException {
    Stream.Builder<Path> files = Stream.builder();
    for (String bundle : API) {
      files.add(Program.file(bundle));
    }
    for (Class<?> annotation : ANNOTATIONS) {
      files.add(Path.of(annotation.getProtectionDomain().getCodeSource().getLocation().toURI()));
    }
    return files.build().map(Path::toString).toList();
  }

  private static void compile(Path sources, Path classes) throws Exception {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(sources)) {
      files = walk.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      Iterable<? extends JavaFileObject> units = manager.getJavaFileObjectsFromPaths(files);
      String classPath =
          classPath().stream().collect(Collectors.joining(java.io.File.pathSeparator));
      List<String> options =
          List.of(
              "-d", classes.toString(), "-cp", classPath, "--release", "17", "-proc:none", "-g");
      if (!compiler.getTask(null, manager, null, options, null, units).call()) {
        throw new AssertionError("the compiler refuses " + sources);
      }
    }
  }
}
