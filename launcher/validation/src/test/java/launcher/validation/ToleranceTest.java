package launcher.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import launcher.validation.Tolerance.Kind;
import org.junit.jupiter.api.Test;

class ToleranceTest {
  private static Tolerance of(Kind kind, double amount) {
    return new Tolerance(kind, amount, "");
  }

  @Test
  void eachKindHasItsEdge() {
    assertTrue(of(Kind.EXACT, 0).holds(7, 7));
    assertFalse(of(Kind.EXACT, 0).holds(7, 7.001));
    assertTrue(of(Kind.RELATIVE, 0.1).holds(200, 220));
    assertFalse(of(Kind.RELATIVE, 0.1).holds(200, 220.1));
    assertTrue(of(Kind.ABSOLUTE, 0.02).holds(0.98, 1));
    assertFalse(of(Kind.ABSOLUTE, 0.02).holds(0.97, 1));
    assertTrue(of(Kind.FACTOR, 1.5).holds(30, 20));
    assertTrue(of(Kind.FACTOR, 1.5).holds(20, 30));
    assertFalse(of(Kind.FACTOR, 1.5).holds(20, 30.1));
    assertFalse(of(Kind.FACTOR, 1.5).holds(20, 0));
    assertTrue(of(Kind.ORDER, 0).holds(Double.NaN, 1.001));
    assertFalse(of(Kind.ORDER, 0).holds(Double.NaN, 1));
  }

  @Test
  void errorsAreMeasuredInTolerances() {
    assertEquals(0.5, of(Kind.RELATIVE, 0.1).inTolerances(200, 210), 1e-9);
    assertEquals(2, of(Kind.ABSOLUTE, 0.02).inTolerances(0.9, 0.94), 1e-9);
    assertEquals(1, of(Kind.FACTOR, 1.5).inTolerances(20, 30), 1e-9);
    assertEquals(1.5, of(Kind.EXACT, 0).inTolerances(8, 4), 1e-9);
    assertEquals(0, of(Kind.EXACT, 0).inTolerances(0, 0), 1e-9);
  }
}
