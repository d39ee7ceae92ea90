package launcher.validation.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import launcher.validation.Figure;
import launcher.validation.Judged;
import launcher.validation.JudgedValidation;
import launcher.validation.Tally;

/** Judged validations as JSON. Values are in the unit that stands beside them. */
public final class ValidationJson {
  private ValidationJson() {}

  /** All of them as one document. */
  public static String of(List<JudgedValidation> all) {
    Map<String, Object> document = new LinkedHashMap<>();
    List<Judged> figures = new ArrayList<>();
    List<Map<String, Object>> validations = new ArrayList<>();
    for (JudgedValidation judged : all) {
      figures.addAll(judged.figures());
      validations.add(validation(judged));
    }
    document.put("summary", tally(Tally.of(figures)));
    Map<String, Object> kinds = new LinkedHashMap<>();
    Tally.byKind(figures).forEach((kind, tally) -> kinds.put(kind, tally(tally)));
    document.put("kinds", kinds);
    document.put("validations", validations);
    try {
      return new ObjectMapper()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(document)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures that are no JSON", e);
    }
  }

  private static Map<String, Object> validation(JudgedValidation judged) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("validation", judged.validation().name());
    node.put("source", judged.validation().source());
    node.put("kernel", judged.validation().kernel());
    node.put("file", judged.validation().file());
    node.put("summary", tally(Tally.of(judged.figures())));
    node.put("failures", judged.failures());
    node.put("figures", judged.figures().stream().map(ValidationJson::figure).toList());
    return node;
  }

  private static Map<String, Object> tally(Tally tally) {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("inside", tally.inside());
    node.put("all", tally.all());
    node.put("off", tally.off());
    node.put("known", tally.known());
    node.put("better", tally.better());
    return node;
  }

  private static Map<String, Object> figure(Judged judged) {
    Figure figure = judged.figure();
    double unit = figure.scale().baseUnits();
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("figure", figure.name());
    node.put("kind", figure.kind());
    node.put("unit", figure.scale().text());
    if (!Double.isNaN(figure.measured())) {
      node.put("measured", figure.measured() / unit);
    }
    node.put("spread", figure.spread());
    node.put("tolerance", FigureText.tolerance(figure));
    node.put("because", figure.tolerance().because());
    judged.predicted().ifPresent(value -> node.put("predicted", value / unit));
    node.put("error", FigureText.error(judged));
    node.put("verdict", judged.verdict().word());
    judged.known().ifPresent(miss -> node.put("known", miss.because()));
    node.put("where", figure.where());
    return node;
  }
}
