package launcher.itest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The live shell as a process without a terminal. */
class ShellIT {
  private static final String RT_THREAD = "policies.completion.rtthread";

  @TempDir private Path folder;
  private Path work;

  @BeforeEach
  void writeScenario() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    Files.writeString(
        work.resolve("s.yaml"),
        """
        scenario: s
        workload:
          - writer: {flags: [dontcache], io-size: 128 KiB, file-size: 8 MiB}
        filesystem: {type: block-device, folio-order: 0}
        """);
  }

  private ProgramRun run(String... arguments) throws IOException, InterruptedException {
    return ProgramRun.of(folder, work, List.of(arguments));
  }

  private ProgramRun script(String text, String... more) throws IOException, InterruptedException {
    Files.writeString(work.resolve("script"), text);
    List<String> arguments = new ArrayList<>(List.of("shell", "s.yaml", "--script", "script"));
    arguments.addAll(List.of(more));
    return ProgramRun.of(folder, work, arguments);
  }

  /** A run that was ended early is partial, however often it is repeated, and nothing else. */
  private String digestOfReplay(String file) throws Exception {
    ProgramRun again = run("run", "--replay", file, "--digest", "--quiet");
    assertEquals("", again.err().replaceFirst("s: partial: .*\\R", ""));
    return again.out().strip();
  }

  private static String digestIn(String journal) {
    return journal
        .lines()
        .filter(line -> line.startsWith("digest: "))
        .map(line -> line.substring("digest: ".length()))
        .findFirst()
        .orElse("none");
  }

  @Test
  void runsBesideEachOtherHaveTheDigestsThatTheyHaveAlone() throws Exception {
    ProgramRun ended =
        script(
            """
            sim:new other s.yaml --policy completion=rt-thread --seed 7 --speed max
            sim:list
            sim:select s
            sim:speed max
            sim:resume
            sim:await
            sim:save one
            sim:select other
            sim:await
            sim:save two
            """,
            "--paused");
    assertEquals(0, ended.status(), ended.err());
    String one = run("run", "s.yaml", "--digest", "--quiet").out().strip();
    String two =
        run("run", "s.yaml", "--policy=completion=rt-thread", "--seed=7", "--digest", "--quiet")
            .out()
            .strip();
    assertEquals(
        List.of(one, two),
        List.of(
            digestIn(Files.readString(work.resolve("one"))),
            digestIn(Files.readString(work.resolve("two")))));
  }

  @Test
  void aConfigurationTakesEffectInTheRunAndInItsReplay() throws Exception {
    ProgramRun ended =
        script(
            """
            sim:step 100 us
            policy:use completion delayed-work-v6
            sim:step 1 ms
            policy:config completion delayed-work-v6 delay.ticks=3
            policy:info completion delayed-work-v6
            sim:speed max
            sim:resume
            sim:await
            sim:save saved
            """,
            "--paused");
    String saved = Files.readString(work.resolve("saved"));
    Files.delete(work.resolve("s.yaml"));
    assertAll(
        () -> assertEquals("", ended.err()),
        () ->
            assertTrue(
                ended.out().contains("now has delay.ticks=3; paused at 1100 us"), ended.out()),
        () -> assertTrue(ended.out().contains("set         delay.ticks = 3 (default"), ended.out()),
        () -> assertTrue(saved.contains(": resume completion completion.delayed-work-v6, "), saved),
        () -> assertTrue(saved.contains("with delay.ticks=3\n"), saved),
        () -> assertEquals(digestIn(saved), digestOfReplay("saved")));
  }

  @Test
  void aRefusedConfigurationIsToldAndTheRunKeepsWhatItHad() throws Exception {
    ProgramRun ended =
        script(
            """
            sim:step 100 us
            policy:use completion rt-thread
            policy:config completion rt-thread priority=0
            """,
            "--paused",
            "--journal",
            "j");
    String saved = Files.readString(work.resolve("j"));
    assertAll(
        () ->
            assertEquals(
                "script:3: policy:config completion rt-thread priority=0: completion.rt-thread:"
                    + " priority is 0; it must be from 1 to 99\n",
                ended.err()),
        () -> assertEquals(2, ended.status()),
        () ->
            assertTrue(
                saved.contains(
                    ": resume completion completion.rt-thread, 0 handed over, with priority=50"),
                saved));
  }

  @Test
  void aShellThatIsTerminatedSavesWhatReplays() throws Exception {
    LiveProgram program =
        LiveProgram.start(
            folder, work, List.of("shell", "s.yaml", "--speed=0.001", "--journal", "j"));
    program.send("sim:await 500 us\npolicy:use completion rt-thread\nsim:await\n");
    program.await("running at");
    program.terminate();
    ProgramRun ended = program.end();
    String saved = Files.readString(work.resolve("j"));
    assertAll(
        () -> assertEquals(143, ended.status()),
        () -> assertTrue(ended.out().contains("partial: ended at"), ended.out()),
        () -> assertTrue(saved.contains(": stop\n"), saved),
        () -> assertEquals(digestIn(saved), digestOfReplay("j")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"stop 0", "stop org.apache.felix.framework"})
  void aFrameworkThatIsStoppedSavesWhatReplays(String stop) throws Exception {
    ProgramRun ended =
        script(
            """
            sim:await 500 us
            policy:use completion rt-thread
            sim:await 700 us
            %s
            sim:await
            """
                .formatted(stop),
            "--speed=0.01",
            "--journal",
            "j");
    String saved = Files.readString(work.resolve("j"));
    assertAll(
        () -> assertEquals(0, ended.status(), ended.err()),
        () -> assertTrue(ended.out().contains("partial: ended at"), ended.out()),
        () -> assertTrue(saved.contains(": swap completion completion.rt-thread, "), saved),
        () -> assertTrue(saved.contains(": stop\n"), saved),
        () -> assertEquals(digestIn(saved), digestOfReplay("j")));
  }

  @Test
  void aFolderBringsConfiguresUpdatesAndTakesAwayAPolicyOfARunningSimulation() throws Exception {
    Path deploy = Files.createDirectories(work.resolve("deploy"));
    LiveProgram program =
        LiveProgram.start(
            folder, work, List.of("shell", "s.yaml", "--speed=0.0001", "--deploy", "deploy"));
    OutsideBundle mine =
        OutsideBundle.from(RT_THREAD)
            .symbolicName("example.mine")
            .policyId("completion.rt-thread", "completion.mine");
    drop(deploy, "mine.jar", mine.version("1.0.0").open().readAllBytes());
    program.send("policy:await completion mine bundle.version=1.0.0\npolicy:use completion mine\n");
    program.await("running at");
    drop(deploy, "completion.mine.cfg", "priority=60\n".getBytes(StandardCharsets.UTF_8));
    program.send("policy:await completion mine priority=60\n");
    program.await("is there: example.mine 1.0.0 {priority=60}");
    drop(deploy, "completion.mine.cfg", "priority=0\n".getBytes(StandardCharsets.UTF_8));
    program.send("policy:await --refused completion mine\nsim:status\n");
    String refused = program.await("suspended at");
    drop(deploy, "completion.mine.cfg", "priority=61\n".getBytes(StandardCharsets.UTF_8));
    program.send("policy:await completion mine priority=61\n");
    program.await("is there: example.mine 1.0.0 {priority=61}");
    drop(deploy, "half.jar", new byte[] {'P', 'K', 3, 4});
    drop(deploy, "mine.jar", mine.version("2.0.0").open().readAllBytes());
    program.send("policy:await completion mine bundle.version=2.0.0\n");
    program.await("is there: example.mine 2.0.0 {priority=61}");
    mine.version("3.0.0").builtFor("block.bio.spi.completion", "[9.0,10)", "9.0.0");
    drop(deploy, "mine.jar", mine.open().readAllBytes());
    program.send("policy:await --refused completion mine\nsim:status\n");
    program.await("completion.mine has left");
    drop(
        deploy,
        "mine.jar",
        OutsideBundle.from(RT_THREAD)
            .symbolicName("example.mine")
            .policyId("completion.rt-thread", "completion.mine")
            .version("4.0.0")
            .open()
            .readAllBytes());
    program.send("policy:await completion mine bundle.version=4.0.0\n");
    program.await("is there: example.mine 4.0.0 {priority=61}");
    Files.delete(deploy.resolve("mine.jar"));
    program.send("policy:await --gone completion mine\n");
    program.await("completion.mine is gone");
    program.send("policy:use completion workqueue\nsim:speed max\nsim:await\nsim:journal j\n");
    ProgramRun ended = program.end();
    String journal = Files.readString(work.resolve("j"));
    assertAll(
        () ->
            assertTrue(
                refused.contains(
                    "completion.mine is refused: completion.rt-thread: priority is 0;"),
                refused),
        () -> assertTrue(ended.err().contains("deploy: half.jar: is no whole jar ("), ended.err()),
        () -> assertFalse(ended.err().contains("\tat "), ended.err()),
        () ->
            assertTrue(
                ended
                    .err()
                    .contains(
                        "deploy: mine.jar: completion.mine is refused: it was built for version"
                            + " 9.0.0 of block.bio.spi.completion; here is 1."),
                ended.err()),
        // Used; configured; badly and well; updated; for a future API and for this; gone.
        () ->
            assertEquals(
                "swap" + " suspend resume".repeat(5),
                journal
                    .lines()
                    .filter(line -> line.startsWith("at "))
                    .map(line -> line.replaceFirst(".*: (\\w+) .*", "$1"))
                    .collect(Collectors.joining(" ")),
                journal));
  }

  /** Puts a file into the folder whole, as a user does who wants no half of it to be seen. */
  private void drop(Path deploy, String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(name), bytes);
    Files.move(file, deploy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void aRemoteShellIsOfThisMachineAndWantsItsKey() throws Exception {
    LiveProgram program =
        LiveProgram.start(folder, work, List.of("shell", "s.yaml", "--paused", "--remote"));
    Matcher said =
        Pattern.compile("remote shell at 127\\.0\\.0\\.1:(\\d+), .* the key (\\w+)\\R")
            .matcher(program.await("the key"));
    assertTrue(said.find());
    int port = Integer.parseInt(said.group(1));
    String wrong = talk(port, "sim:end\n");
    String right = talk(port, said.group(2) + "\nsim:status\nsim:selct x\nexit\n");
    ProgramRun ended = program.end();
    assertAll(
        () -> assertTrue(wrong.startsWith("wrong key"), wrong),
        () -> assertTrue(right.startsWith("deferlab> run         s, paused at 0 ns"), right),
        () -> assertTrue(right.contains("Command not found: sim:selct"), right),
        () -> assertEquals(0, ended.status(), ended.err()));
  }

  private static String talk(int port, String text) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().flush();
      StringBuilder all = new StringBuilder();
      in.lines().forEach(line -> all.append(line).append('\n'));
      return all.toString();
    }
  }
}
