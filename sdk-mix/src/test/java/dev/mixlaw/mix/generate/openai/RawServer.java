package dev.mixlaw.mix.generate.openai;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A loopback server that sends exactly the bytes that a test specifies. */
public final class RawServer implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

  private final ServerSocket socket = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
  private final Set<Socket> open = new HashSet<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** Writes the reply to one request. */
  @FunctionalInterface
  public interface Reply {
    /** Writes a reply, and returns whether the connection can be used for another request. */
    boolean write(String head, String body, OutputStream out) throws Exception;
  }

  /** Starts a server. */
  public RawServer(Reply reply) throws IOException {
    threads.execute(
        () -> {
          while (true) {
            try {
              Socket connection = socket.accept();
              synchronized (open) {
                open.add(connection);
              }
              threads.execute(() -> serve(connection, reply));
            } catch (IOException e) {
              return; // closed
            }
          }
        });
  }

  private void serve(Socket connection, Reply reply) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      boolean more = true;
      while (more) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
          int b = in.read();
          if (b < 0) {
            return;
          }
          head.write(b);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(text);
        byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
        OutputStream out = connection.getOutputStream();
        more = reply.write(text, new String(body, StandardCharsets.UTF_8), out);
        out.flush();
      }
    } catch (Exception e) {
      return; // the client went away, or the server ends
    } finally {
      synchronized (open) {
        open.remove(connection);
        open.notifyAll();
      }
    }
  }

  /** Returns the base address of the server for endpoints. */
  public URI base() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/v1");
  }

  /** Waits until no connection is open, and returns whether this happened within the given time. */
  public boolean awaitIdle(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    synchronized (open) {
      while (!open.isEmpty() && System.nanoTime() < end) {
        TimeUnit.NANOSECONDS.timedWait(open, end - System.nanoTime());
      }
      return open.isEmpty();
    }
  }

  /** Returns a complete HTTP reply with a body in UTF-8. Each header must end with a line feed. */
  public static byte[] http(int status, String headers, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ("HTTP/1.1 " + status + " S\n" + headers + "Content-Length: " + bytes.length + "\n\n")
            .replace("\n", "\r\n")
            .getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(bytes);
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    synchronized (open) {
      for (Socket connection : open) {
        connection.close();
      }
    }
    threads.shutdownNow();
  }
}
