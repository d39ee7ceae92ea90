package launcher.scenario.internal.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RefusedComponentsTest {
  @Test
  void aFailureIsShortenedToTheMessageOfItsFirstCause() {
    String failure =
        """
        org.apache.felix.scr.impl.helper.ComponentException: Error in constructor
        \tat org.apache.felix.scr.impl.inject.ComponentConstructor.newInstance(X.java:309)
        Caused by: java.lang.reflect.InvocationTargetException
        \tat java.base/jdk.internal.reflect.Constructor.newInstance(Constructor.java:77)
        Caused by: java.lang.IllegalArgumentException: completion.rt-thread: priority is 0; it \
        must be from 1 to 99
        \tat policies.completion.rtthread.RtThreadCompletionPolicy.<init>(X.java:48)
        \t... 30 more
        """;
    assertEquals(
        "priority is 0; it must be from 1 to 99",
        RefusedComponents.shortened("completion.rt-thread", failure));
  }

  @Test
  void aFailureWithoutAMessageKeepsItsException() {
    assertEquals(
        "java.lang.NullPointerException",
        RefusedComponents.shortened("a.b", "java.lang.NullPointerException\n\tat A.b(A.java:1)\n"));
  }
}
