package launcher.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.service.metatype.AttributeDefinition;

class ConfigValuesTest {
  private record Attribute(String key, int type, int cardinality, String wrong)
      implements AttributeDefinition {
    @Override
    public String getName() {
      return key;
    }

    @Override
    public String getID() {
      return key;
    }

    @Override
    public String getDescription() {
      return "";
    }

    @Override
    public int getCardinality() {
      return cardinality;
    }

    @Override
    public int getType() {
      return type;
    }

    @Override
    public String[] getOptionValues() {
      return null;
    }

    @Override
    public String[] getOptionLabels() {
      return null;
    }

    @Override
    public String validate(String value) {
      return value.equals("7") ? wrong : "";
    }

    @Override
    public String[] getDefaultValue() {
      return null;
    }
  }

  private final ConfigValues values =
      new ConfigValues(
          "completion.mine",
          List.of(
              new Attribute("delay.ns", AttributeDefinition.LONG, 0, "is odd"),
              new Attribute("eager", AttributeDefinition.BOOLEAN, 0, ""),
              new Attribute("cpus", AttributeDefinition.INTEGER, 9, "")));

  private String refusal(String... pairs) {
    return assertThrows(
            IllegalArgumentException.class, () -> values.changed(Map.of(), List.of(pairs)))
        .getMessage();
  }

  @Test
  void valuesHaveTheTypesOfTheMetatypeAndTheOthersStay() {
    assertEquals(
        Map.of("delay.ns", 60L, "eager", true, "other", 1),
        values.changed(Map.of("delay.ns", 5L, "other", 1), List.of("delay.ns=60", "eager=true")));
  }

  @Test
  void whatIsWrongIsToldWithWhatWouldBeRight() {
    assertEquals(
        "completion.mine: no key 'delay'\n  known: delay.ns, eager, cpus", refusal("delay=1"));
    assertEquals(
        "completion.mine: no key 'eagre'\n  known: delay.ns, eager, cpus\n  did you mean 'eager'?",
        refusal("eagre=true"));
    assertEquals(
        "completion.mine: delay.ns: '1.5'; it must be a whole number of 64 bits",
        refusal("delay.ns=1.5"));
    assertEquals("completion.mine: eager: 'yes'; it must be true or false", refusal("eager=yes"));
    assertEquals("completion.mine: delay.ns: '7': is odd", refusal("delay.ns=7"));
    assertEquals("'delay.ns' is not KEY=VALUE", refusal("delay.ns"));
    assertEquals("completion.mine: eager is given twice", refusal("eager=true", "eager=true"));
    assertEquals(
        "completion.mine: cpus: is a list; set it by a .cfg file in the folder",
        refusal("cpus=1,2"));
  }
}
