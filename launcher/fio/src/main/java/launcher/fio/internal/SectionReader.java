package launcher.fio.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import launcher.fio.FioFiles;
import launcher.fio.FioPosition;
import launcher.fio.internal.JobText.Line;

/** Cuts a job file into sections, and puts included files in their place. */
final class SectionReader {
  private static final int NAME_BYTES_MAX = 255;
  private static final String INCLUDE = "include";

  /** fio has no bound and would run out of memory; nobody nests deeper on purpose. */
  private static final int DEPTH_MAX = 32;

  private final FioFiles files;
  private final List<Line> lines;
  private final List<String> messages;
  private int at;
  private Line stray;

  /**
   * The lines of one section.
   *
   * @param name between the brackets
   * @param position of the header
   * @param options lines below it
   */
  record Section(String name, FioPosition position, List<Line> options) {
    boolean global() {
      return name.startsWith("global");
    }
  }

  /**
   * A reader at the start of a file.
   *
   * @param messages receives what fio would print
   */
  SectionReader(List<Line> lines, FioFiles files, List<String> messages) {
    this.lines = lines;
    this.files = files;
    this.messages = messages;
  }

  /** The next section; empty at the end, or at a line that belongs to none. */
  Optional<Section> next() {
    if (at == lines.size()) {
      return Optional.empty();
    }
    Line header = lines.get(at);
    if (header.text().length() < 2 || header.text().charAt(0) != '[') {
      stray = header;
      messages.add("option <" + header.text() + "> outside of [] job section");
      return Optional.empty();
    }
    at++;
    String name = header.text().substring(1);
    name = name.length() > NAME_BYTES_MAX ? name.substring(0, NAME_BYTES_MAX) : name;
    List<Line> options = new ArrayList<>();
    while (at < lines.size() && lines.get(at).text().charAt(0) != '[') {
      if (!take(lines.get(at++), options, 0)) {
        break;
      }
    }
    return Optional.of(
        new Section(name.substring(0, name.length() - 1), header.position(), options));
  }

  /** The line that belongs to no section, if that was the end. */
  Optional<Line> stray() {
    return Optional.ofNullable(stray);
  }

  /** False if the line is an include that fails, which ends the section. */
  private boolean take(Line line, List<Line> options, int depth) {
    if (!line.text().startsWith(INCLUDE)) {
      options.add(line);
      return true;
    }
    int after = INCLUDE.length() + 1;
    String name = line.text().length() > after ? line.text().substring(after) : "";
    String found = name;
    Optional<byte[]> bytes = depth < DEPTH_MAX ? files.read(name) : Optional.empty();
    int slash = line.position().file().lastIndexOf('/');
    if (bytes.isEmpty() && slash >= 0 && depth < DEPTH_MAX) {
      found = line.position().file().substring(0, slash + 1) + name;
      bytes = files.read(found);
    }
    if (bytes.isPresent() && insert(bytes.get(), found, options, depth)) {
      return true;
    }
    if (bytes.isEmpty()) {
      messages.add("unable to open '" + found + "' job file");
    }
    messages.add("Error 1 while parsing include file " + found);
    return false;
  }

  private boolean insert(byte[] bytes, String file, List<Line> options, int depth) {
    List<Line> inserted = new ArrayList<>();
    for (Line line : JobText.lines(bytes, file)) {
      if (line.text().charAt(0) == '[') {
        messages.add("No new sections in included files");
        return false;
      }
      if (!take(line, inserted, depth + 1)) {
        options.addAll(inserted);
        return false;
      }
    }
    options.addAll(inserted);
    return true;
  }
}
