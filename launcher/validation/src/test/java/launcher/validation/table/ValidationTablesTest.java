package launcher.validation.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import launcher.scenario.Unit;
import launcher.validation.Figure;
import launcher.validation.Figure.Scale;
import launcher.validation.FigureTerm;
import launcher.validation.Judged;
import launcher.validation.Judged.Verdict;
import launcher.validation.JudgedValidation;
import launcher.validation.KnownMiss;
import launcher.validation.Tolerance;
import launcher.validation.Tolerance.Kind;
import launcher.validation.Validation;
import launcher.validation.fold.FigureName;
import org.junit.jupiter.api.Test;

/** Four figures: one holds, one is off, one is known to be off, one has no prediction. */
class ValidationTablesTest {
  private static final Scale MICROSECONDS = new Scale("us", 1_000);

  private static Judged judged(
      String name,
      Tolerance tolerance,
      double measured,
      OptionalDouble predicted,
      Verdict verdict) {
    FigureTerm term =
        new FigureTerm.OfRun("r", new FigureName(name, Unit.NANOSECONDS, "us", run -> Double.NaN));
    Figure figure =
        new Figure(name, "latency", term, measured, "", MICROSECONDS, tolerance, "v.yaml:1:1");
    Optional<KnownMiss> known =
        verdict == Verdict.KNOWN
            ? Optional.of(new KnownMiss(List.of("*"), "a | reason", "v.yaml:9:1"))
            : Optional.empty();
    return new Judged(figure, predicted, verdict, known);
  }

  private final JudgedValidation all =
      new JudgedValidation(
          new Validation("v", "a <mail>", "6.18", "", "v.yaml", List.of(), List.of(), List.of()),
          List.of(
              judged(
                  "a|b",
                  new Tolerance(Kind.RELATIVE, 0.1, ""),
                  20_000,
                  OptionalDouble.of(21_000),
                  Verdict.HOLDS),
              judged(
                  "c",
                  new Tolerance(Kind.FACTOR, 1.5, ""),
                  20_000,
                  OptionalDouble.of(45_000),
                  Verdict.OFF),
              judged(
                  "d",
                  new Tolerance(Kind.ABSOLUTE, 1_000, ""),
                  20_000,
                  OptionalDouble.of(17_500),
                  Verdict.KNOWN),
              judged(
                  "e",
                  new Tolerance(Kind.EXACT, 0, ""),
                  20_000,
                  OptionalDouble.empty(),
                  Verdict.OFF)),
          List.of());

  @Test
  void aFigureIsALine() {
    assertEquals(
        List.of(
            "figure measured tolerance predicted error verdict",
            "a|b 20 us 10 % 21 us +5.0 % holds",
            "c 20 us x1.5 45 us x2.25 off",
            "d 20 us 1 us 17.5 us -2.5 known",
            "e 20 us exact - - off"),
        lines(ValidationText.of(all, false, false, 80)).subList(3, 8));
    assertEquals(
        List.of("c", "d", "e"),
        lines(ValidationText.of(all, true, false, 80)).subList(4, 7).stream()
            .map(line -> line.substring(0, 1))
            .toList());
    assertEquals(
        List.of(
            "figures inside of share off known to be off of those inside",
            "v 1 4 25.0 % 2 1 0",
            "kind latency 1 4 25.0 % 2 1 0",
            "all 1 4 25.0 % 2 1 0"),
        lines(ValidationText.summary(List.of(all), false)));
  }

  @Test
  void whereALineIsTooNarrowAFigureHasTwo() {
    assertEquals(
        List.of(
            "figure",
            "measured tolerance predicted error verdict",
            "a|b",
            "20 us 10 % 21 us +5.0 % holds"),
        lines(ValidationText.of(all, false, false, 48)).subList(3, 7));
  }

  @Test
  void reasonsStandOnceBelowWhatIsOffAndAreFilled() {
    List<String> text = ValidationText.of(all, true, false, 48).lines().toList();
    assertEquals("known, 1 figure: a | reason", text.get(text.size() - 2));
    text = ValidationText.of(all, true, false, 20).lines().toList();
    assertEquals(
        List.of("known, 1 figure: a |", "  reason"),
        text.subList(text.size() - 3, text.size() - 1));
    assertTrue(!ValidationText.of(all, false, false, 48).contains("reason"));
  }

  private static List<String> lines(String text) {
    return text.lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
  }

  @Test
  void errorsAreCountedInPartsOfTheTolerance() {
    // 5 of 10 % is 1/2; ln 2.25 / ln 1.5 is 2; 2.5 of 1 us is between 2 and 4.
    assertArrayEquals(
        new int[] {0, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1}, ErrorChart.counts(all.figures()));
  }

  @Test
  void theDocumentsKeepWhatTheyAreGiven() {
    String markdown = ValidationMarkdown.of(List.of(all));
    assertTrue(markdown.contains("| `a\\|b` | 20 us | 10 % | 21 us | +5.0 % | holds |"), markdown);
    assertTrue(markdown.contains("| a \\| reason | 1 |"), markdown);
    String html = ValidationHtml.of(List.of(all));
    assertTrue(html.contains("Source: a &lt;mail&gt;"), html);
    assertTrue(
        html.contains("<tr id=\"v/c\" class=\"off\"><td><a href=\"#v%2Fc\">c</a></td>"), html);
    assertTrue(html.contains("<a href=\"#v%2Fa%7Cb\">a|b</a>"), html);
    assertTrue(html.contains("known: <a href=\"#v%2Freason-1\">reason 1</a>"), html);
    assertTrue(html.contains("<li id=\"v/reason-1\">a | reason</li>"), html);
    assertTrue(html.contains("<b>1 of 4 figures are inside"), html);
    assertTrue(ValidationJson.of(List.of(all)).contains("\"predicted\" : 17.5"));
  }

  @Test
  void aDocumentHasAPlaceForTheTables() {
    String document =
        "# T\n\n" + ValidationMarkdown.BEGIN + "\nold\n" + ValidationMarkdown.END + "\n\nrest\n";
    assertEquals(
        "# T\n\n"
            + ValidationMarkdown.BEGIN
            + "\n\nnew\n\n"
            + ValidationMarkdown.END
            + "\n\nrest\n",
        ValidationMarkdown.into(document, "new\n"));
    assertThrows(
        IllegalArgumentException.class, () -> ValidationMarkdown.into("# no place\n", "new"));
  }
}
