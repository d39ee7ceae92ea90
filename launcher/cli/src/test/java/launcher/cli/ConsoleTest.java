package launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  @Test
  void onlyATerminalHasColourAndProgress() {
    Console piped = Console.of(Map.of(), "2");
    assertFalse(piped.colour());
    assertTrue(piped.errorColour());
    assertTrue(piped.progress());
    Console terminal = Console.of(Map.of(), "012");
    assertTrue(terminal.colour());
    assertTrue(terminal.input());
  }

  @Test
  void noColourIsObeyed() {
    Console console = Console.of(Map.of("NO_COLOR", "1"), "12");
    assertFalse(console.colour());
    assertFalse(console.errorColour());
    assertTrue(console.progress(), "progress has no colour");
    assertFalse(Console.of(Map.of("TERM", "dumb"), "12").colour());
    assertTrue(Console.of(Map.of("NO_COLOR", ""), "12").colour(), "empty means not set");
  }

  @Test
  void theWidthIsTheTerminalsOr160() {
    assertEquals(160, Console.of(Map.of(), "").columns());
    assertEquals(92, Console.of(Map.of("COLUMNS", "92"), "").columns());
    assertEquals(160, Console.of(Map.of("COLUMNS", "wide"), "").columns());
    assertEquals(40, Console.of(Map.of("COLUMNS", "3"), "").columns());
  }

  @Test
  void theFirstLineOfAnErrorIsColoured() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
    new Console(stream, stream, false, true, false, false, 80).error("a: wrong\n  known: b");
    assertEquals(
        "\u001b[31ma: wrong\u001b[0m\n  known: b" + System.lineSeparator(),
        err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void ctrlCStopsWhatIsGoingOnAndWhatBeginsLater() {
    Interrupt interrupt = new Interrupt();
    List<String> stopped = new ArrayList<>();
    interrupt.onRaise(() -> stopped.add("ended before")).close();
    interrupt.onRaise(() -> stopped.add("going on"));
    interrupt.raise();
    interrupt.onRaise(() -> stopped.add("too late"));
    assertEquals(List.of("going on", "too late"), stopped);
    assertTrue(interrupt.isRaised());
  }
}
