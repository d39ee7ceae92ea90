package launcher.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;

/**
 * The shell's commands for other programs of this machine, a line each, over a socket of the
 * loopback interface; {@code docs/adr/0005} says why it is no telnet.
 *
 * <p>Whatever runs on the machine can reach it, a page in a browser included, so its first line has
 * to be a key that only whoever started the shell has seen.
 */
final class RemoteShell implements AutoCloseable {
  private static final int SESSIONS_MAX = 8;
  private static final int KEY_WALL_MS = 60_000;
  private static final int KEY_BITS = 80;
  private static final int LINE_MAX = 10_000;
  private static final String PROMPT = "deferlab> ";

  private final BundleContext context;
  private final ServerSocket server;
  private final String key = new BigInteger(KEY_BITS, new SecureRandom()).toString(32);
  private final Set<Socket> sessions = ConcurrentHashMap.newKeySet();

  /**
   * Takes the port; commands are taken after {@link #start}.
   *
   * @param port 0 for any that is free
   * @throws IOException if it is taken
   */
  RemoteShell(BundleContext context, int port) throws IOException {
    this.context = context;
    server = new ServerSocket(port, SESSIONS_MAX, InetAddress.getLoopbackAddress());
  }

  /** Takes commands from now on. */
  void start() {
    start(this::accept, "remote-shell");
  }

  private static void start(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** The first line that a session has to send. */
  String key() {
    return key;
  }

  /** What its user has to know. */
  String text() {
    return "remote shell at %s:%d, for programs of this machine only; its first line is the key %s"
        .formatted(server.getInetAddress().getHostAddress(), port(), key);
  }

  private void accept() {
    // Ends when the socket is closed.
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        if (sessions.size() >= SESSIONS_MAX) {
          socket.close();
        } else {
          sessions.add(socket);
          start(() -> serve(socket), "remote-shell-session");
        }
      } catch (IOException e) {
        return; // Closed, as nothing else ends a listening socket.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
      socket.setSoTimeout(KEY_WALL_MS);
      if (!isKey(line(in))) {
        out.println("wrong key; it was printed where the shell was started");
        return;
      }
      socket.setSoTimeout(0);
      obey(in, out);
    } catch (IOException e) {
      return; // The other end has gone.
    } finally {
      sessions.remove(socket);
    }
  }

  private boolean isKey(String line) {
    // Takes the same time whatever is wrong.
    return MessageDigest.isEqual(
        key.getBytes(StandardCharsets.UTF_8), line.strip().getBytes(StandardCharsets.UTF_8));
  }

  private void obey(BufferedReader in, PrintStream out) throws IOException {
    try (GogoLines gogo = new GogoLines(context, out, out)) {
      out.print(PROMPT);
      out.flush();
      // Ends with the connection, at the latest with the shell.
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        String command = line.strip();
        if (command.equals(GogoLines.EXIT)) {
          return;
        }
        String failure = GogoLines.isEmpty(command) ? "" : gogo.obey(command);
        if (!failure.isEmpty()) {
          out.println(failure);
        }
        out.print(PROMPT);
        out.flush();
      }
    }
  }

  /**
   * A line with its end; empty at the end of the connection, or if it is longer than any command.
   */
  private static String line(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (line.length() < LINE_MAX) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      line.append((char) next);
      if (next == '\n') {
        return line.toString();
      }
    }
    return "";
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sessions) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException("remote shell: can't be closed", e);
    }
  }
}
