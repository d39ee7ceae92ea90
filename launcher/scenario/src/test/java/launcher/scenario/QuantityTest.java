package launcher.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class QuantityTest {
  private static String message(String text, Unit unit) {
    return assertThrows(IllegalArgumentException.class, () -> Quantity.parse(text, unit).toLong())
        .getMessage();
  }

  @Test
  void valuesArePrintedInTheLargestUnitThatLeavesNoFraction() {
    assertEquals("2 s", Quantity.parse("2000 ms", Unit.NANOSECONDS).toString());
    assertEquals("1500 ms", Quantity.parse("1.5 s", Unit.NANOSECONDS).toString());
    assertEquals("20 us", Quantity.parse("20us", Unit.NANOSECONDS).toString());
    assertEquals("128 KiB", Quantity.parse("131072 B", Unit.BYTES).toString());
    assertEquals("4097 B", Quantity.parse("4097 B", Unit.BYTES).toString());
    assertEquals("0 ns", Quantity.parse("0 s", Unit.NANOSECONDS).toString());
    assertEquals("1.3 GiB/s", Quantity.parse("1.30 GiB/s", Unit.BYTES_PER_SECOND).toString());
    assertEquals("0.5 B", Quantity.parse("0.5 B", Unit.BYTES).toString());
    assertEquals("3 GiB/s", Quantity.parse("3072 MiB/s", Unit.BYTES_PER_SECOND).toString());
    assertEquals("20 %", Quantity.parse("20%", Unit.PERCENT).toString());
    assertEquals("1000 /s", Quantity.parse("1000 /s", Unit.PER_SECOND).toString());
    assertEquals("7", Quantity.parse("7", Unit.COUNT).toString());
  }

  @Test
  void aFractionOfTheSmallestUnitIsRefused() {
    assertEquals(1_500, Quantity.parse("1.5 us", Unit.NANOSECONDS).toLong());
    // 1.45 GiB = 1556925644.8 B
    assertEquals(
        "'1556925644.8 B/s' is no whole number of B/s below 2^63; write it in a smaller unit",
        message("1.45 GiB/s", Unit.BYTES_PER_SECOND));
    assertEquals(
        "'1.5' is no whole number below 2^63; write it in a smaller unit",
        message("1.5", Unit.COUNT));
  }

  @Test
  void aMissingUnitIsTold() {
    assertEquals(
        "'20' has no unit; it must be a number and ns, us, ms or s, for example 20 us",
        message("20", Unit.NANOSECONDS));
    assertEquals(
        "'0' has no unit; it must be a number and B, KiB, MiB, GiB or TiB, for example 128 KiB",
        message("0", Unit.BYTES));
  }

  @Test
  void decimalAndForeignUnitsAreRefused() {
    assertTrue(message("3 GB", Unit.BYTES).startsWith("'3 GB' has the unit 'GB';"));
    assertTrue(message("3 MB/s", Unit.BYTES_PER_SECOND).contains("has the unit 'MB/s'"));
    assertTrue(message("4 KiB", Unit.COUNT).contains("has a unit"));
    assertTrue(message("2 sec", Unit.NANOSECONDS).contains("has the unit 'sec'"));
    assertTrue(message("5 ms", Unit.BYTES).contains("has the unit 'ms'"));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    assertTrue(message("four", Unit.COUNT).startsWith("'four'; it must be a whole number"));
    assertTrue(message("", Unit.NANOSECONDS).startsWith("''; it must be"));
    assertTrue(message("1e3 ns", Unit.NANOSECONDS).contains("has the unit 'e3 ns'"));
  }

  @Test
  void valuesBeyondALongAreRefused() {
    assertEquals(Long.MAX_VALUE, Quantity.parse("9223372036854775807", Unit.COUNT).toLong());
    assertTrue(message("9223372036854775808", Unit.COUNT).contains("below 2^63"));
    assertTrue(message("10000000000 TiB", Unit.BYTES).contains("below 2^63"));
  }
}
