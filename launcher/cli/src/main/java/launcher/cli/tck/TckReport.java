package launcher.cli.tck;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import launcher.cli.Console;
import policies.tck.TckFamily;
import policies.tck.TckOutcome;
import policies.tck.TckRule;
import policies.tck.TckVerdict;

/** Verdicts for people, as JSON and as JUnit's XML. */
final class TckReport {
  private TckReport() {}

  static String text(Examined examined, Console console) {
    Subject<?> subject = examined.subject();
    StringBuilder text = new StringBuilder();
    text.append(subject.id()).append(" (").append(subject.bundle()).append(")\n");
    for (TckVerdict verdict : examined.verdicts()) {
      String word = "%-8s".formatted(word(verdict.outcome()));
      text.append("  ")
          .append(
              switch (verdict.outcome()) {
                case PASS -> console.good(word);
                case BREACH -> console.bad(word);
                case UNJUDGED -> word;
              })
          .append(" %-5s %s%n".formatted(verdict.rule().id(), verdict.rule().sentence()));
      if (!verdict.reason().isEmpty()) {
        text.append(" ".repeat(17)).append(verdict.reason()).append('\n');
      }
    }
    text.append(
        "%s: %d pass, %d breach, %d unjudged%n"
            .formatted(
                subject.id(),
                examined.count(TckOutcome.PASS),
                examined.count(TckOutcome.BREACH),
                examined.count(TckOutcome.UNJUDGED)));
    return text.toString();
  }

  /** The rules themselves. */
  static String rules() {
    StringBuilder text = new StringBuilder();
    for (TckFamily<?> family : TckFamily.all()) {
      text.append(family.key()).append('\n');
      for (TckRule rule : family.rules()) {
        text.append("  %-5s %s%n        %s%n".formatted(rule.id(), rule.sentence(), rule.why()));
      }
    }
    return text.toString();
  }

  private static String word(TckOutcome outcome) {
    return outcome == TckOutcome.BREACH ? "BREACH" : outcome.name().toLowerCase(Locale.ROOT);
  }

  static String json(List<Examined> all) {
    List<Object> policies = new ArrayList<>();
    for (Examined examined : all) {
      List<Object> verdicts = new ArrayList<>();
      for (TckVerdict verdict : examined.verdicts()) {
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("rule", verdict.rule().id());
        node.put("sentence", verdict.rule().sentence());
        node.put("outcome", verdict.outcome().name().toLowerCase(Locale.ROOT));
        node.put("reason", verdict.reason().isEmpty() ? null : verdict.reason());
        verdicts.add(node);
      }
      Map<String, Object> node = new LinkedHashMap<>();
      node.put("family", examined.subject().family().key());
      node.put("id", examined.subject().id());
      node.put("bundle", examined.subject().bundle());
      node.put("good", examined.isGood());
      node.put("verdicts", verdicts);
      policies.add(node);
    }
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("format", 1);
    root.put("policies", policies);
    try {
      return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("plain maps could not be written", e);
    }
  }

  /** A suite for each policy, a case for each rule: what build servers read. */
  static String junitXml(List<Examined> all) {
    StringBuilder xml =
        new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
    for (Examined examined : all) {
      String id = examined.subject().id();
      xml.append(
          "  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\">%n"
              .formatted(
                  escaped(id),
                  examined.verdicts().size(),
                  examined.count(TckOutcome.BREACH),
                  examined.count(TckOutcome.UNJUDGED)));
      for (TckVerdict verdict : examined.verdicts()) {
        xml.append(
            "    <testcase classname=\"%s\" name=\"%s\""
                .formatted(escaped(id), escaped(verdict.rule().toString())));
        String reason = escaped(verdict.reason());
        xml.append(
            switch (verdict.outcome()) {
              case PASS -> "/>\n";
              case BREACH -> ">\n      <failure message=\"" + reason + "\"/>\n    </testcase>\n";
              case UNJUDGED -> ">\n      <skipped message=\"" + reason + "\"/>\n    </testcase>\n";
            });
      }
      xml.append("  </testsuite>\n");
    }
    return xml.append("</testsuites>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replaceAll("\\p{Cntrl}", " ");
  }
}
