package launcher.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import launcher.trace.ReadProgress;
import org.junit.jupiter.api.Test;

/** The machine file that ships is what its own first line writes. */
class MachineFileTest {
  private static final Path FOLDER = Path.of("../../scenarios/validation/linux-6.18");
  private static final String WRITTEN_BY = "# A measured machine. Written by: ";

  @Test
  void theFileThatShipsIsWrittenByTheCommandInIt() throws IOException {
    String shipped = Files.readString(FOLDER.resolve("machine.yaml"));
    String command = shipped.lines().findFirst().orElseThrow().substring(WRITTEN_BY.length());
    Iterator<String> words = List.of(command.split(" ")).iterator();
    assertEquals("deferlab", words.next());
    assertEquals("calibrate", words.next());
    Calibrator calibrator = new Calibrator(Optional.of("virtio-blk"), ReadProgress.NONE);
    while (words.hasNext()) {
      String word = words.next();
      switch (word) {
        case "--device" -> assertEquals("virtio-blk", words.next());
        case "-o" -> assertEquals("machine.yaml", words.next());
        case "--set" -> {
          String[] keyAndValue = words.next().split("=", 2);
          calibrator.state(keyAndValue[0], keyAndValue[1]);
        }
        default -> calibrator.add(FOLDER.resolve(word));
      }
    }
    assertEquals(shipped, MachineFile.text(calibrator.fit(), command));
  }
}
