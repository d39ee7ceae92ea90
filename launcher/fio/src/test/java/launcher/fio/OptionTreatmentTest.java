package launcher.fio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import launcher.fio.job.FioJob;
import org.junit.jupiter.api.Test;

/** Every option is modelled, ignored or refused; and what is said of it holds. */
class OptionTreatmentTest {
  private static final Pattern NEAREST = Pattern.compile("([a-z_]+)=([a-z0-9]*)");

  /**
   * A line for each modelled option, and behind a bar what else has to be there for it to have an
   * effect.
   */
  private static final String SAMPLES =
      """
      description=text
      name=other
      wait_for=a
      filename=f
      directory=d
      filename_format=$jobname-$jobnum
      rw=write
      rw_sequencer=identical | rw=randread:4
      ioengine=sync
      iodepth=8
      iodepth_batch=4 | iodepth=8
      iodepth_batch_complete_min=4 | iodepth=8
      iodepth_batch_complete_max=4 | iodepth=8
      iodepth_low=4 | iodepth=8
      size=8m
      io_size=8m
      filesize=8m
      file_append=1
      offset=1m
      offset_align=8k
      offset_increment=1m
      number_ios=5
      bs=8k
      ba=512 | rw=randread
      bsrange=4k-8k
      bssplit=4k/50:8k/50
      bs_unaligned=1
      bs_is_seq_rand=1
      randrepeat=0
      randseed=7
      norandommap
      random_generator=lfsr
      random_distribution=zipf
      random_sequence_stride=1 | random_distribution=sequence:1,2
      percentage_random=50
      nrfiles=2
      openfiles=1 | nrfiles=2
      file_service_type=random
      fallocate=none
      fadvise_hint=0
      fsync=4
      fdatasync=4
      sync_file_range=write:4
      direct=1
      buffered=0
      overwrite=1 | rw=write
      loops=2
      numjobs=2
      startdelay=1
      runtime=1
      time_based | runtime=1
      ramp_time=1
      rwmixread=70
      rwmixwrite=70
      nice=5
      thinktime=10
      thinktime_spin=5 | thinktime=10
      thinktime_blocks=4 | thinktime=10
      thinktime_blocks_type=issue | thinktime=10
      thinktime_iotime=1 | thinktime=10
      rate=1m
      rate_iops=100
      rate_process=poisson | rate=1m
      rate_ignore_thinktime=1 | rate=1m
      invalidate=0
      sync=dsync
      create_on_open=1
      pre_read=1
      cpumask=1
      cpus_allowed=1
      cpus_allowed_policy=split | cpus_allowed=0-1
      end_fsync=1
      fsync_on_close=1
      end_syncfs=1
      exitall
      exit_what=all | exitall
      stonewall
      new_group
      group_reporting
      cgroup=db
      kb_base=1000 | size=8k
      hipri | ioengine=pvsync2
      uncached=1 | ioengine=io_uring
      nowait=1 | ioengine=libaio
      read_iolog=log
      replay_no_stall=1 | read_iolog=log
      replay_redirect=f | read_iolog=log
      replay_scale=2 | read_iolog=log
      replay_align=4096 | read_iolog=log
      replay_time_scale=50 | read_iolog=log
      replay_skip=read,sync | read_iolog=log
      """;

  private static List<FioJob> jobs(List<String> options) {
    List<String> lines = new ArrayList<>(List.of("[a]", "size=1m", "[j]"));
    lines.addAll(options);
    TestFiles files = TestFiles.inMemory().with("t.fio", lines.toArray(new String[0]));
    FioParseResult result = new FioParser(TestFiles.host(Map.of()), files).parse("t.fio");
    assertEquals(List.of(), result.problems());
    assertEquals(List.of(), result.refused());
    return result.jobs();
  }

  @Test
  void everyModelledOptionChangesTheJob() {
    Map<String, String> samples = new LinkedHashMap<>();
    SAMPLES.lines().forEach(line -> samples.put(line.split("[= ]")[0], line));
    assertEquals(
        options(OptionTreatment.MODELLED).stream()
            .map(FioOption::name)
            .collect(Collectors.toCollection(TreeSet::new)),
        new TreeSet<>(samples.keySet()));
    samples.forEach(
        (name, line) -> {
          String[] parts = line.split(" \\| ");
          List<String> context = List.of(parts).subList(1, parts.length);
          List<String> both = new ArrayList<>(context);
          both.add(parts[0]);
          assertNotEquals(jobs(context), jobs(both), name);
        });
  }

  private static List<FioOption> options(OptionTreatment treatment) {
    return FioParser.options().stream().filter(o -> o.treatment() == treatment).toList();
  }

  @Test
  void aNameMeansOneOptionForEachEngine() {
    Map<String, String> owners = new HashMap<>();
    for (FioOption option : FioParser.options()) {
      List<String> names = new ArrayList<>(option.aliases());
      names.add(option.name());
      List<String> engines = option.engines().isEmpty() ? List.of("") : option.engines();
      for (String name : names) {
        // An engine's option must not hide behind one that every job has.
        assertTrue(option.engines().isEmpty() || !owners.containsKey(" " + name), name);
        for (String engine : engines) {
          assertEquals(null, owners.put(engine + " " + name, option.name()), name);
        }
      }
    }
  }

  @Test
  void aReasonStandsWhereSomethingIsIgnoredOrRefused() {
    for (FioOption option : FioParser.options()) {
      boolean modelled = option.treatment() == OptionTreatment.MODELLED;
      assertEquals(modelled, option.why().isEmpty(), option.name());
    }
  }

  @Test
  void aRefusedOptionNamesTheNearestOrSaysThatThereIsNone() {
    for (FioOption option : options(OptionTreatment.REFUSED)) {
      String[] parts = option.why().split("; ");
      String remedy = parts[parts.length - 1];
      assertTrue(
          remedy.startsWith("nearest: ") || remedy.startsWith("leave it out"),
          option.name() + ": " + option.why());
    }
  }

  @Test
  void theNearestOptionIsModelledOrItsValueHarmless() {
    Map<String, FioOption> known =
        FioParser.options().stream().collect(Collectors.toMap(FioOption::name, o -> o));
    for (FioOption option : options(OptionTreatment.REFUSED)) {
      int at = option.why().indexOf("nearest: ");
      Matcher named = NEAREST.matcher(at < 0 ? "" : option.why().substring(at));
      while (named.find()) {
        FioOption nearest = known.get(named.group(1));
        String where = option.name() + " names " + named.group();
        assertTrue(nearest != null, where);
        boolean harmless =
            nearest.harmless().contains(named.group(2))
                || nearest.defaultText().equals(named.group(2));
        assertTrue(nearest.treatment() == OptionTreatment.MODELLED || harmless, where);
      }
    }
  }

  @Test
  void anIgnoredOptionThatNeedsAnotherNamesOneThatIsThere() {
    Map<String, FioOption> known =
        FioParser.options().stream().collect(Collectors.toMap(FioOption::name, o -> o));
    Pattern needs = Pattern.compile("has a meaning with ([a-z_]+)=(\\S*) only");
    for (FioOption option : options(OptionTreatment.IGNORED)) {
      Matcher needed = needs.matcher(option.why());
      if (needed.matches()) {
        FioOption other = known.get(needed.group(1));
        // What is ignored because of another option's absence is harmless only if that is refused.
        boolean refused = other.treatment() == OptionTreatment.REFUSED;
        boolean engine = other.name().equals("ioengine");
        assertTrue(refused || engine, option.name() + " needs " + other.name());
      }
    }
  }

  @Test
  void theEnginesOfTheLaboratoryAreModelled() {
    for (String engine :
        Arrays.asList(
            "sync,psync,vsync,pvsync,pvsync2,libaio,io_uring,posixaio,mmap,null".split(","))) {
      assertEquals(engine, jobs(List.of("ioengine=" + engine)).get(1).engine().word());
    }
    FioParseResult other = TestFiles.parse("ioengine=io_uring_cmd");
    assertFalse(other.refused().isEmpty());
    assertTrue(other.refused().get(0).why().contains("nearest: ioengine=io_uring;"));
  }
}
