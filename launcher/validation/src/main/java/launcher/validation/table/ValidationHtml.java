package launcher.validation.table;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
      :root {color-scheme: light dark; --ink: #222; --paper: #fff; --dim: #666; --line: #ddd;
        --good: #2e7d4f; --bad: #b3372a; --off: #fde4e1; --known: #f6f1df; --better: #e3f1fb}
      @media (prefers-color-scheme: dark) {
        :root {--ink: #ddd; --paper: #1b1c1e; --dim: #999; --line: #3a3c40; --good: #6cc08b;
          --bad: #ef8a7c; --off: #4a2320; --known: #38331f; --better: #1e3444}
      }
      body {font-family: sans-serif; margin: 2em; color: var(--ink); background: var(--paper)}
      p, li {max-width: 60em}
      a {color: inherit; text-decoration-color: var(--dim)}
      td a {text-decoration: none}
      td a:hover {text-decoration: underline}
      table {border-collapse: collapse; margin: 1em 0; font-size: 0.85em}
      th, td {padding: 0.2em 0.8em; text-align: right; white-space: nowrap;
        border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums}
      th {position: sticky; top: 0; background: var(--paper)}
      th:first-child, td:first-child, td.word, th.word {text-align: left}
      tr.all td {font-weight: bold}
      tr.off td {background: var(--off)}
      tr.known td {background: var(--known)}
      tr.better td {background: var(--better)}
      tr:target td {outline: 2px solid var(--dim)}
      tr.holds td.word {color: var(--good)}
      tr.off td.word {color: var(--bad); font-weight: bold}
      body:has(#only-off:checked) tr.holds {display: none}
      svg {max-width: 100%; height: auto}
      svg text {font-size: 12px; text-anchor: middle; fill: var(--ink)}
      svg .inside {fill: var(--good)}
      svg .outside {fill: var(--bad)}
      @media (max-width: 60em) {
        body {margin: 1em}
        .wide {overflow-x: auto}
        th, td {padding: 0.2em 0.4em}
      }
      </style>
      </head>
      <body>
      """;

  private static final String LEGEND =
      """
      <p>A bar counts the figures whose error is at most that part of their tolerance.
      <i>holds</i>: inside; <i>known</i>: outside, as the validation says beforehand, with the
      reason; <i>better</i>: inside, though it is said not to be; <i>off</i>: outside, and nobody
      said so.</p>
      <p><label><input type="checkbox" id="only-off"> hide what holds</label></p>
      """;

  private ValidationHtml() {}

  /** All of them as one document. */
  public static String of(List<JudgedValidation> all) {
    List<Judged> figures = new ArrayList<>();
    all.forEach(judged -> figures.addAll(judged.figures()));
    Tally tally = Tally.of(figures);
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<h1>Predicted and measured</h1>\n<p><b>").append(tally.inside());
    page.append(" of ").append(tally.all()).append(" figures are inside their tolerances (");
    page.append(Figures.percent(tally.inside(), tally.all())).append(")</b>; ");
    page.append(tally.known()).append(" are known not to be, for the reasons given, and ");
    page.append(tally.off()).append(" are off without one.</p>\n");
    appendSummary(page, all, figures);
    page.append("<h2>Errors, in parts of the tolerance</h2>\n").append(ErrorChart.of(figures));
    page.append(LEGEND);
    all.forEach(judged -> append(page, judged));
    return page.append("</body>\n</html>\n").toString();
  }

  private static void appendSummary(
      StringBuilder page, List<JudgedValidation> all, List<Judged> figures) {
    page.append("<div class=\"wide\"><table>\n<tr><th>figures</th><th>inside</th><th>of</th>");
    page.append(
        "<th>share</th><th>off</th><th>known to be off</th><th>of those inside</th></tr>\n");
    for (JudgedValidation judged : all) {
      String name = judged.validation().name();
      appendTally(page, "", link(name, name), Tally.of(judged.figures()));
    }
    for (Map.Entry<String, Tally> kind : Tally.byKind(figures).entrySet()) {
      appendTally(page, "", escaped("kind " + kind.getKey()), kind.getValue());
    }
    appendTally(page, " class=\"all\"", "all", Tally.of(figures));
    page.append("</table></div>\n");
  }

  private static void appendTally(StringBuilder page, String attributes, String name, Tally tally) {
    page.append("<tr").append(attributes).append("><td>").append(name).append("</td>");
    cell(page, Integer.toString(tally.inside()));
    cell(page, Integer.toString(tally.all()));
    cell(page, Figures.percent(tally.inside(), tally.all()));
    cell(page, Integer.toString(tally.off()));
    cell(page, Integer.toString(tally.known() + tally.better()));
    cell(page, Integer.toString(tally.better()));
    page.append("</tr>\n");
  }

  private static void append(StringBuilder page, JudgedValidation judged) {
    String name = judged.validation().name();
    page.append("<h2 id=\"").append(escaped(name)).append("\">").append(escaped(name));
    page.append("</h2>\n<p>").append(escaped(judged.validation().description()));
    page.append("<br>Source: ").append(escaped(judged.validation().source()));
    page.append("<br>Kernel: ").append(escaped(judged.validation().kernel())).append("</p>\n");
    for (String failure : judged.failures()) {
      page.append("<pre>").append(escaped(failure)).append("</pre>\n");
    }
    List<String> reasons = new ArrayList<>();
    page.append("<div class=\"wide\"><table>\n<tr><th>figure</th><th>measured</th>");
    page.append("<th>tolerance</th><th>predicted</th><th>error</th>");
    page.append("<th class=\"word\">verdict</th></tr>\n");
    for (Judged one : judged.figures()) {
      appendFigure(page, name, one, reasons);
    }
    page.append("</table></div>\n");
    appendReasons(page, name, reasons);
  }

  private static void appendFigure(
      StringBuilder page, String validation, Judged one, List<String> reasons) {
    String id = validation + "/" + one.figure().name();
    page.append("<tr id=\"").append(escaped(id)).append("\" class=\"");
    page.append(one.verdict().word()).append("\"><td>");
    page.append(link(id, one.figure().name())).append("</td>");
    cell(page, FigureText.measured(one.figure()));
    cell(page, FigureText.tolerance(one.figure()));
    cell(page, FigureText.predicted(one));
    cell(page, FigureText.error(one));
    page.append("<td class=\"word\">").append(one.verdict().word());
    one.known()
        .ifPresent(
            miss -> {
              if (!reasons.contains(miss.because())) {
                reasons.add(miss.because());
              }
              int number = reasons.indexOf(miss.because()) + 1;
              page.append(": ").append(link(reasonId(validation, number), "reason " + number));
            });
    page.append("</td></tr>\n");
  }

  private static void appendReasons(StringBuilder page, String validation, List<String> reasons) {
    if (reasons.isEmpty()) {
      return;
    }
    page.append("<h3>Why figures of ").append(escaped(validation));
    page.append(" are known to be off</h3>\n<ol>\n");
    for (int i = 0; i < reasons.size(); i++) {
      page.append("<li id=\"").append(escaped(reasonId(validation, i + 1))).append("\">");
      page.append(escaped(reasons.get(i))).append("</li>\n");
    }
    page.append("</ol>\n");
  }

  private static String reasonId(String validation, int number) {
    return validation + "/reason-" + number;
  }

  /** A link to a place of the page; what an address can't have in it is written by its bytes. */
  private static String link(String id, String text) {
    String address = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return "<a href=\"#" + address + "\">" + escaped(text) + "</a>";
  }

  private static void cell(StringBuilder page, String text) {
    page.append("<td>").append(escaped(text)).append("</td>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
