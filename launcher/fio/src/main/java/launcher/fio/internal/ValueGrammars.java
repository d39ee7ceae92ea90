package launcher.fio.internal;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import launcher.fio.FioFiles;
import launcher.fio.FioHost;
import launcher.fio.job.BlockSizeRange.Split;
import launcher.fio.job.FileService;
import launcher.fio.job.RandomDistribution;
import launcher.fio.job.RandomDistribution.Zone;

/** Values that have a grammar of their own, and options that set more than themselves. */
final class ValueGrammars {
  /** Slots beside a number that may be a share: percent, or whether it counts zones. */
  static final int PERCENT = 1;

  static final int ZONES = 2;

  /** Names, of no option, under which block size ranges are kept. */
  static final String MIN_BS = "min_bs";

  static final String MAX_BS = "max_bs";
  static final String RUN_LENGTH = "run_length";
  static final String SKIP_BYTES = "skip_bytes";
  static final String SYNC_RANGE_EVERY = "sync_range_every";

  static final int DIRECTIONS = 3;
  static final int SLOTS = 3;

  private static final double ZIPF_THETA = 1.1;
  private static final double PARETO_H = 0.2;
  private static final long RUN_MAX = 0xffff_ffffL;

  private final FioHost host;
  private final FioFiles files;
  private final boolean checking;

  /**
   * The grammars.
   *
   * @param checking whether to look at what {@code --parse-only} does not
   */
  ValueGrammars(FioHost host, FioFiles files, boolean checking) {
    this.host = host;
    this.files = files;
    this.checking = checking;
  }

  /** Two names of one bit: the later one wins. */
  void switched(String name, long value, JobSettings settings) {
    if (name.equals("buffered")) {
      settings.setNumber("direct", value == 0 ? 1 : 0);
    }
  }

  /** Either share sets both. */
  void numberStored(String name, long value, JobSettings settings) {
    if (name.equals("rwmixread")) {
      settings.setNumber("rwmixread", value);
    } else if (name.equals("rwmixwrite")) {
      settings.setNumber("rwmixread", 100 - value);
    } else if (name.equals("cpumask")) {
      BitSet cpus = BitSet.valueOf(new long[] {value & 0xffff_ffffL});
      settings.setStructure("cpus_allowed", cpus.stream().boxed().toList());
    }
  }

  @SuppressWarnings("unchecked")
  List<Double> fractions(String name, JobSettings settings) {
    return settings.structure(name, List.class).orElse(List.of());
  }

  void setFractions(String name, List<Double> list, JobSettings settings) {
    settings.setStructure(name, List.copyOf(list));
  }

  /**
   * Reads the rest of a value whose word is known to be right.
   *
   * @param text null if there is none
   * @return whether fio takes it
   */
  boolean parse(String name, String text, JobSettings settings, int kbBase, List<String> messages) {
    return switch (name) {
      case "rw" -> !checking || parseRw(text, settings, kbBase, messages);
      case "bssplit" -> parseBsSplit(text, settings, kbBase, messages);
      case "random_distribution" -> parseDistribution(text, settings, kbBase, messages);
      case "file_service_type" -> parseService(text, settings, messages);
      case "steadystate" -> parseSteadyState(text, kbBase, messages);
      case "sync_file_range" -> {
        String every = postfix(text);
        settings.setNumber(SYNC_RANGE_EVERY, every == null ? 1 : FioNumbers.leading(every));
        yield true;
      }
      case "filename" -> {
        addFiles(text, settings);
        yield true;
      }
      case "directory" -> !checking || isDirectory(text, messages);
      case "ioengine" -> isEngine(text, messages);
      case "verify_pattern", "buffer_pattern" -> PatternGrammar.accepts(text, files);
      case "cpus_allowed", "verify_async_cpus", "log_compression_cpus" ->
          !checking || parseCpus(name, text, settings, messages);
      case "replay_skip" -> !checking || parseReplaySkip(text, messages);
      default -> true;
    };
  }

  /** What follows the first colon, without blanks around it; null if there is none. */
  private static String postfix(String text) {
    int colon = text == null ? -1 : text.indexOf(':');
    return colon < 0 ? null : text.substring(colon + 1).strip();
  }

  private static boolean parseRw(
      String text, JobSettings settings, int kbBase, List<String> messages) {
    settings.setNumber(RUN_LENGTH, 1);
    settings.setNumber(SKIP_BYTES, 0);
    String postfix = postfix(text);
    if (postfix == null) {
      return true;
    }
    boolean random = settings.word("rw").startsWith("rand");
    OptionalLong number = FioNumbers.bytes(postfix, kbBase);
    if (number.isEmpty()) {
      messages.add((random ? "randrw" : "rw") + " postfix parsing failed");
      return false;
    }
    long value = number.getAsLong();
    if (random && (value <= 0 || value > RUN_MAX)) {
      messages.add("randrw postfix parsing out of range");
      return false;
    }
    settings.setNumber(random ? RUN_LENGTH : SKIP_BYTES, value);
    return true;
  }

  /** A size and a share in percent; the share is negative if it is not given. */
  private record Item(long value, long share) {}

  /** One list serves all directions; of two the second is for writes and trims. */
  private static List<String> lists(String text) {
    String[] lists = text.split(",", 3);
    String read = lists[0];
    String write = lists.length > 1 ? lists[1] : read;
    return List.of(read, write, lists.length > 2 ? lists[2] : write);
  }

  /** Null if a number is wrong. */
  private static List<Item> items(String list, boolean bytes, int kbBase) {
    List<Item> items = new ArrayList<>();
    for (String item : list.split(":", -1)) {
      if (item.isEmpty()) {
        break;
      }
      int slash = item.indexOf('/');
      String second = slash < 0 ? "" : item.substring(slash + 1);
      long share;
      if (bytes) {
        OptionalLong size = slash < 0 ? OptionalLong.of(0) : FioNumbers.bytes(second, kbBase);
        if (size.isEmpty()) {
          return null;
        }
        share = size.getAsLong();
      } else {
        int percent = slash < 0 ? 0 : FioNumbers.leading(second);
        share = percent == 0 ? -1 : percent < 0 || percent > 100 ? 100 : percent;
      }
      OptionalLong value = FioNumbers.bytes(slash < 0 ? item : item.substring(0, slash), kbBase);
      if (value.isEmpty()) {
        return null;
      }
      items.add(new Item(value.getAsLong(), share));
    }
    return items;
  }

  private static boolean parseBsSplit(
      String text, JobSettings settings, int kbBase, List<String> messages) {
    List<String> lists = lists(text);
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      List<Item> items = items(lists.get(direction).strip(), false, kbBase);
      if (items == null) {
        messages.add("split conversion failed");
        return false;
      }
      long given = items.stream().filter(i -> i.share() >= 0).mapToLong(Item::share).sum();
      long missing = items.stream().filter(i -> i.share() < 0).count();
      if (given > 100 && missing > 1) {
        messages.add("bssplit percentages add to more than 100%");
        return false;
      }
      if (items.isEmpty()) {
        continue;
      }
      List<Split> splits = new ArrayList<>();
      long least = -1;
      long most = 0;
      for (Item item : items) {
        long share = item.share() >= 0 ? item.share() : Math.max(0, 100 - given) / missing;
        splits.add(new Split(item.value(), (int) share));
        least = Long.compareUnsigned(item.value(), least) < 0 ? item.value() : least;
        most = Long.compareUnsigned(item.value(), most) > 0 ? item.value() : most;
      }
      settings.setStructure("bssplit." + direction, List.copyOf(splits));
      settings.setNumber(MIN_BS, direction, least);
      settings.setNumber(MAX_BS, direction, most);
    }
    return true;
  }

  private static boolean parseDistribution(
      String text, JobSettings settings, int kbBase, List<String> messages) {
    String word = settings.word("random_distribution");
    if (word.startsWith("zoned")) {
      return parseZones(text, word.equals("zoned_abs"), settings, kbBase, messages);
    }
    if (word.equals("sequence")) {
      return parseSequence(text, settings, messages);
    }
    if (word.equals("random")) {
      settings.setStructure("random_distribution", new RandomDistribution.Uniform());
      return true;
    }
    String[] parameters = text.contains(":") ? postfix(text).split(":", 2) : new String[0];
    double value = word.equals("zipf") ? ZIPF_THETA : word.equals("pareto") ? PARETO_H : 0;
    double center = -1;
    if (parameters.length > 0) {
      OptionalDouble given = FioNumbers.fraction(parameters[0]);
      OptionalDouble middle =
          parameters.length > 1 ? FioNumbers.fraction(parameters[1]) : OptionalDouble.of(-1);
      boolean outside =
          parameters.length > 1
              && middle.isPresent()
              && !(middle.getAsDouble() >= 0 && middle.getAsDouble() <= 1);
      if (given.isEmpty() || middle.isEmpty() || outside) {
        messages.add("random postfix parsing failed");
        return false;
      }
      value = given.getAsDouble();
      center = middle.getAsDouble();
    }
    RandomDistribution distribution =
        switch (word) {
          case "zipf" -> new RandomDistribution.Zipf(value, center);
          case "pareto" -> new RandomDistribution.Pareto(value, center);
          default -> new RandomDistribution.Normal(value, center);
        };
    settings.setStructure("random_distribution", distribution);
    return isSkew(word, value, "zipf theta must different than 1.0", messages);
  }

  private static boolean isSkew(
      String word, double value, String zipfMessage, List<String> messages) {
    if (word.equals("zipf")) {
      if (value == 1.0) {
        messages.add(zipfMessage);
      }
      return value != 1.0;
    }
    if (word.equals("pareto")) {
      boolean inside = value > 0 && value < 1;
      if (!inside) {
        messages.add("pareto input out of range (0 < input < 1.0)");
      }
      return inside;
    }
    boolean inside = value >= 0 && value < 100;
    if (!inside) {
      messages.add("normal deviation out of range (0 <= input < 100.0)");
    }
    return inside;
  }

  private static boolean parseZones(
      String text, boolean absolute, JobSettings settings, int kbBase, List<String> messages) {
    String postfix = postfix(text);
    if (postfix == null) {
      messages.add("mismatch in zoned input <" + text + ">");
      return false;
    }
    List<List<Zone>> zones = new ArrayList<>();
    for (String list : lists(postfix)) {
      List<Item> items = items(list, absolute, kbBase);
      if (items == null) {
        messages.add("split conversion failed");
        return false;
      }
      long access = items.stream().mapToLong(Item::value).sum();
      long given = items.stream().filter(i -> i.share() >= 0).mapToLong(Item::share).sum();
      long missing = items.stream().filter(i -> i.share() < 0).count();
      if (access > 100 || !absolute && given > 100) {
        messages.add("zone_split percentages add to more than 100%");
        return false;
      }
      if (access < 100) {
        messages.add(
            "access percentage don't add up to 100 for zoned random distribution (got="
                + access
                + ")");
        return false;
      }
      List<Zone> converted = new ArrayList<>();
      for (Item item : items) {
        long size = item.share() >= 0 ? item.share() : (100 - given) / missing;
        converted.add(new Zone((int) item.value(), size));
      }
      zones.add(converted);
    }
    settings.setStructure(
        "random_distribution",
        new RandomDistribution.Zoned(zones.get(0), zones.get(1), zones.get(2), absolute));
    return true;
  }

  private static boolean parseSequence(String text, JobSettings settings, List<String> messages) {
    String postfix = postfix(text);
    List<Long> blocks = new ArrayList<>();
    for (String part : postfix == null ? new String[0] : postfix.split(",")) {
      OptionalLong block = FioNumbers.whole(part);
      if (block.isEmpty() || block.getAsLong() < 0) {
        blocks.clear();
        break;
      }
      blocks.add(block.getAsLong());
    }
    if (blocks.isEmpty()) {
      messages.add("random postfix parsing failed");
      return false;
    }
    settings.setStructure("random_distribution", new RandomDistribution.Sequence(blocks, false));
    return true;
  }

  private static boolean parseService(String text, JobSettings settings, List<String> messages) {
    String word = settings.word("file_service_type");
    String postfix = postfix(text);
    FileService.Type type =
        FileService.Type.valueOf(
            word.equals("gauss") ? "NORMAL" : word.toUpperCase(java.util.Locale.ROOT));
    if (type.ordinal() < FileService.Type.ZIPF.ordinal()) {
      int run = postfix == null ? 1 : FioNumbers.leading(postfix);
      // A run of 0 wraps to the longest there is.
      settings.setStructure(
          "file_service_type", new FileService(type, run > 0 ? run : Integer.MAX_VALUE, 0));
      return true;
    }
    double value =
        type == FileService.Type.ZIPF ? ZIPF_THETA : type == FileService.Type.PARETO ? PARETO_H : 0;
    if (postfix != null) {
      OptionalDouble given = FioNumbers.fraction(postfix);
      if (given.isEmpty()) {
        messages.add("file service type random postfix parsing failed");
        return false;
      }
      value = given.getAsDouble();
    }
    settings.setStructure("file_service_type", new FileService(type, 1, value));
    String kind = type == FileService.Type.NORMAL ? "normal" : word;
    return isSkew(kind, value, "zipf theta must be different than 1.0", messages);
  }

  private static boolean parseSteadyState(String text, int kbBase, List<String> messages) {
    String postfix = postfix(text);
    if (postfix == null) {
      messages.add("steadystate threshold must be specified in addition to criterion");
      return false;
    }
    int percent = postfix.indexOf('%');
    if (percent >= 0) {
      if (FioNumbers.fraction(postfix.substring(0, percent)).isEmpty()) {
        messages.add("could not parse steadystate threshold percentage");
        return false;
      }
      return true;
    }
    if (text.startsWith("iops")) {
      if (FioNumbers.fraction(postfix).isEmpty()) {
        messages.add("steadystate IOPS threshold postfix parsing failed");
        return false;
      }
      return true;
    }
    if (FioNumbers.bytes(postfix, kbBase).isEmpty()) {
      messages.add("steadystate BW threshold postfix parsing failed");
      return false;
    }
    return true;
  }

  /** Names are separated by colons, {@code \:} is part of one, and an empty one ends the list. */
  static List<String> names(String text) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i <= text.length(); i++) {
      char c = i < text.length() ? text.charAt(i) : ':';
      if (c == '\\' && text.startsWith(":", i + 1)) {
        name.append(text.charAt(++i));
      } else if (c != ':') {
        name.append(c);
      } else if (name.isEmpty()) {
        break;
      } else {
        names.add(name.toString());
        name.setLength(0);
      }
    }
    return names;
  }

  private static void addFiles(String text, JobSettings settings) {
    List<String> all = new ArrayList<>(settings.fileNames());
    for (String name : names(text.strip())) {
      if (!all.contains(name)) {
        all.add(name);
      }
    }
    settings.setStructure("filename", List.copyOf(all));
  }

  private boolean isDirectory(String text, List<String> messages) {
    for (String name : names(text.strip())) {
      if (!files.isDirectory(name)) {
        messages.add(name + " is not a directory");
        return false;
      }
    }
    return true;
  }

  private boolean isEngine(String text, List<String> messages) {
    if (!text.startsWith("external:")) {
      return true;
    }
    String path = text.substring("external:".length());
    boolean found = files.read(path).isPresent();
    if (!found) {
      messages.add("invalid external ioengine path \"" + path + "\"");
    }
    return found;
  }

  private boolean parseCpus(String name, String text, JobSettings settings, List<String> messages) {
    BitSet cpus = new BitSet();
    for (String item : text.split(",")) {
      if (item.isBlank()) {
        break;
      }
      String[] ends = item.split("[-:]", 2);
      int first = FioNumbers.leading(ends[0]);
      int last = ends.length > 1 ? FioNumbers.leading(ends[1]) : first;
      for (int cpu = first; cpu <= last; cpu++) {
        if (cpu < 0 || cpu >= host.cpus()) {
          messages.add("CPU " + cpu + " too large (max=" + (host.cpus() - 1) + ")");
          return false;
        }
        cpus.set(cpu);
      }
    }
    settings.setStructure(name, cpus.stream().boxed().toList());
    return true;
  }

  private static boolean parseReplaySkip(String text, List<String> messages) {
    for (String word : text.split(",", -1)) {
      if (!List.of("read", "write", "trim", "sync").contains(word.strip())) {
        messages.add("Unknown skip type: " + word);
        return false;
      }
    }
    return true;
  }
}
