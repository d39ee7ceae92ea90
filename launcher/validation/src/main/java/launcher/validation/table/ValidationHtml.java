package launcher.validation.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import launcher.report.Figures;
import launcher.validation.Judged;
import launcher.validation.JudgedValidation;
import launcher.validation.Tally;

/** Judged validations as one page that needs nothing else. */
public final class ValidationHtml {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>deferlab validate</title>
      <style>
      body {font-family: sans-serif; margin: 2em; color: #222}
      table {border-collapse: collapse; margin: 1em 0; font-size: 0.85em}
      th, td {padding: 0.2em 0.8em; text-align: right; border-bottom: 1px solid #ddd}
      th {position: sticky; top: 0; background: #fff}
      th:first-child, td:first-child, td.word, th.word {text-align: left}
      tr.off td {background: #fde4e1}
      tr.known td {background: #f4f0e4; color: #555}
      tr.better td {background: #e3f1fb}
      svg text {font-size: 12px; text-anchor: middle; fill: #444}
      svg .inside {fill: #4a8f5d}
      svg .outside {fill: #c8604f}
      </style>
      </head>
      <body>
      """;

  private ValidationHtml() {}

  /** All of them as one document. */
  public static String of(List<JudgedValidation> all) {
    List<Judged> figures = new ArrayList<>();
    all.forEach(judged -> figures.addAll(judged.figures()));
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<h1>Predicted and measured</h1>\n");
    appendSummary(page, all, figures);
    page.append("<h2>Errors, in parts of the tolerance</h2>\n").append(ErrorChart.of(figures));
    all.forEach(judged -> append(page, judged));
    return page.append("</body>\n</html>\n").toString();
  }

  private static void appendSummary(
      StringBuilder page, List<JudgedValidation> all, List<Judged> figures) {
    page.append("<table>\n<tr><th>figures</th><th>inside</th><th>of</th><th>share</th>");
    page.append("<th>off</th><th>known to be off</th><th>of those inside</th></tr>\n");
    for (JudgedValidation judged : all) {
      appendTally(page, judged.validation().name(), Tally.of(judged.figures()));
    }
    for (Map.Entry<String, Tally> kind : Tally.byKind(figures).entrySet()) {
      appendTally(page, "kind " + kind.getKey(), kind.getValue());
    }
    appendTally(page, "all", Tally.of(figures));
    page.append("</table>\n");
  }

  private static void appendTally(StringBuilder page, String name, Tally tally) {
    page.append("<tr>");
    cell(page, name);
    cell(page, Integer.toString(tally.inside()));
    cell(page, Integer.toString(tally.all()));
    cell(page, Figures.percent(tally.inside(), tally.all()));
    cell(page, Integer.toString(tally.off()));
    cell(page, Integer.toString(tally.known() + tally.better()));
    cell(page, Integer.toString(tally.better()));
    page.append("</tr>\n");
  }

  private static void append(StringBuilder page, JudgedValidation judged) {
    page.append("<h2>").append(escaped(judged.validation().name())).append("</h2>\n<p>");
    page.append(escaped(judged.validation().description())).append("<br>Source: ");
    page.append(escaped(judged.validation().source())).append("<br>Kernel: ");
    page.append(escaped(judged.validation().kernel())).append("</p>\n");
    for (String failure : judged.failures()) {
      page.append("<pre>").append(escaped(failure)).append("</pre>\n");
    }
    page.append("<table>\n<tr><th>figure</th><th>measured</th><th>tolerance</th>");
    page.append("<th>predicted</th><th>error</th><th class=\"word\">verdict</th></tr>\n");
    for (Judged one : judged.figures()) {
      String why = one.known().map(miss -> ": " + miss.because()).orElse("");
      page.append("<tr class=\"").append(one.verdict().word()).append("\">");
      cell(page, one.figure().name());
      cell(page, FigureText.measured(one.figure()));
      cell(page, FigureText.tolerance(one.figure()));
      cell(page, FigureText.predicted(one));
      cell(page, FigureText.error(one));
      page.append("<td class=\"word\">").append(one.verdict().word());
      page.append(escaped(why)).append("</td></tr>\n");
    }
    page.append("</table>\n");
  }

  private static void cell(StringBuilder page, String text) {
    page.append("<td>").append(escaped(text)).append("</td>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
