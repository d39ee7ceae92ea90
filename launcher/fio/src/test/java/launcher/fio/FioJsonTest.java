package launcher.fio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FioJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  @TempDir private Path folder;

  private JsonNode json(Map<String, String> variables, String... lines) throws IOException {
    Path file = Files.writeString(folder.resolve("t.fio"), String.join("\n", lines) + "\n");
    FioReading reading = FioReading.of(file.toString(), TestFiles.host(Map.of()), variables);
    return MAPPER.readTree(MAPPER.writeValueAsString(FioJson.of(reading)));
  }

  private static JsonNode node(String json) throws JsonProcessingException {
    return MAPPER.readTree(json.replace('\'', '"'));
  }

  @Test
  void anAcceptedFileHasItsSectionsCommandAndJobs() throws IOException {
    JsonNode json = json(Map.of(), "[global]", "bs=4k,8k", "[j]", "stonewall", "size=50%");
    assertEquals(
        node(
            """
            {'parse':{'accept':true,'exit':0},
             'showcmd':{'exit':0,'line':'fio --bs=4k,8k --name=j --stonewall --size=50% '},
             'sections':[
               {'section':'global','options':[['bs','4k,8k',4096,8192]]},
               {'section':'j','options':[['stonewall',null,1],
                 ['size','50%',18446744073709551565,{'size_percent':50}]]}],
             'check':{'accept':true,'exit':0,'jobs':[{'name':'j','group':0,'rw':'read',
               'bs_read':'4096B-4096B','bs_write':'8192B-8192B','bs_trim':'8192B-8192B',
               'ioengine':'psync','iodepth':1}]}}
            """),
        ((ObjectNode) json).deepCopy().without(List.of("file", "sha256", "fio")));
    // sha256 of these bytes, by sha256sum.
    assertEquals(
        "1c407aae01f0d3ae7153378ce3b68840aaf4d0aabed651986ae53ae57a98b503",
        json.get("sha256").asText());
  }

  @Test
  void aMissingFolderIsAnsweredBothWays() throws IOException {
    JsonNode json = json(Map.of(), "[j]", "directory=" + folder + "/none", "size=1m");
    assertEquals("missing-directory", json.at("/check/reason").asText());
    assertEquals(true, json.at("/check_without_directory/accept").asBoolean());
    assertEquals("j", json.at("/check_without_directory/jobs/0/name").asText());
    assertEquals(
        true, json(Map.of(), "[j]", "directory=" + folder).at("/check/accept").asBoolean());
  }

  @Test
  void aFileWithVariablesIsReadWithoutAndWithThem() throws IOException {
    JsonNode json = json(Map.of("SIZE", "1m", "OTHER", "x"), "[j]", "size=${SIZE}", "bs=${BS}k");
    assertEquals(node("['BS','SIZE']"), json.get("env_names"));
    assertEquals("bad-value", json.at("/parse/reason").asText());
    assertEquals(node("{'SIZE':'1m'}"), json.at("/with_env/env"));
    assertEquals("bad-value", json.at("/with_env/check/reason").asText());
    assertEquals(node("['size','1m',1048576]"), json.at("/with_env/sections/0/options/0"));
    assertEquals(false, json(Map.of("OTHER", "x"), "[j]", "size=${SIZE}").has("with_env"));
  }

  @Test
  void anEnginesDefaultIsToldWhereFioStoresIt() throws IOException {
    JsonNode json =
        json(
            Map.of(),
            "[a]",
            "ioengine=io_uring",
            "uncached=1",
            "bs=8k",
            "[b]",
            "ioengine=io_uring",
            "nonvectored=1");
    assertEquals(
        node(
            "[['ioengine','io_uring'],['bs','8k',8192],['nonvectored','-1',-1],['uncached','1',1]]"),
        json.at("/sections/0/options"));
    assertEquals(
        node("[['ioengine','io_uring'],['nonvectored','1',1]]"), json.at("/sections/1/options"));
  }

  @Test
  void numbersThatAreNoneAndFractionsKeepTheirForm() throws IOException {
    JsonNode json = json(Map.of(), "[j]", "percentile_list=50:99.9", "bs=x");
    assertEquals(
        node("[['percentile_list','50:99.9',50.0,99.9],['bs','x',null]]"),
        json.at("/sections/0/options"));
  }
}
