package cnf.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** Nothing that differs from one run to the next is used in a simulation. */
class BannedApiTest {
  @Test
  void noSimulationBundleUsesBannedApi() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Bundle bundle : House.bundles()) {
      if (!bundle.isSimulation()) {
        continue;
      }
      try (JarFile jar = new JarFile(bundle.jar().toFile())) {
        for (JarEntry entry : jar.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
          try (InputStream in = jar.getInputStream(entry)) {
            faults.addAll(BannedApi.faults(in.readAllBytes()));
          }
        }
      }
    }
    assertTrue(faults.isEmpty(), () -> String.join("\n", faults) + "\n");
  }

  @Test
  void eachKindOfUseIsFound() throws IOException {
    String use = "cnf.house.BannedApiTest$Sample.";
    assertEquals(
        List.of(
            use + "clock: uses java/util/Random.<type>",
            use + "<init>: uses java/util/Random.<type>",
            use + "<init>: uses java/util/Random.<init>()V",
            use + "reads: uses java/lang/System.nanoTime()J",
            use + "refersTo: uses java/lang/System.currentTimeMillis()J",
            use + "iterates: uses java/util/Set.of(Ljava/lang/Object;)Ljava/util/Set;",
            use + "makes: uses java/util/HashMap.<init>()V",
            use + "waits: uses <synchronized>",
            use + "locks: uses <synchronized>",
            use + "locks: uses java/lang/Object.hashCode()I",
            use + "prints: uses java/lang/System.out",
            use + "shares: uses java/lang/Thread.<type>"),
        BannedApi.faults(classFile(Sample.class)).stream()
            .map(fault -> fault.replaceFirst(":\\d+:", ":").replaceFirst(": [^:]*$", ""))
            .toList());
  }

  @Test
  void copyingArraysAndOrderedMapsAreAllowed() throws IOException {
    assertEquals(Set.of(), BannedApi.faults(classFile(GoodSample.class)));
  }

  private static byte[] classFile(Class<?> type) throws IOException {
    try (InputStream in =
        type.getResourceAsStream(type.getName().replaceFirst(".*\\.", "") + ".class")) {
      return in.readAllBytes();
    }
  }

  /** One use of each kind of thing that is banned. */
  static final class Sample {
    private final Random clock = new Random();

    long reads() {
      return System.nanoTime();
    }

    LongSupplier refersTo() {
      return System::currentTimeMillis;
    }

    Set<String> iterates() {
      return Set.of("a");
    }

    Map<String, String> makes() {
      return new HashMap<>();
    }

    synchronized void waits() {}

    void locks() {
      synchronized (clock) {
        clock.hashCode();
      }
    }

    void prints() {
      System.out.println();
    }

    Object shares() {
      return Thread.class;
    }
  }

  /** What looks like it and is allowed. */
  static final class GoodSample {
    Map<Integer, long[]> copies(long[] from) {
      Map<Integer, long[]> map = new java.util.TreeMap<>();
      long[] to = new long[from.length];
      System.arraycopy(from, 0, to, 0, from.length);
      map.put(0, to);
      return map;
    }
  }
}
