package launcher.cli.shell;

/** Where a shell's commands come from. */
interface ShellLines extends AutoCloseable {
  /** Whether Gogo's own line editing reads them. */
  boolean needsLineEditing();

  /**
   * Obeys commands until there are no more.
   *
   * @return false if one failed that ended it
   */
  boolean obey() throws Exception;

  @Override
  void close();
}
