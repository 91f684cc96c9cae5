package dev.mixlaw.train.run.child;

import dev.mixlaw.train.run.child.ChildProtocol.Request;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Requests to a child JVM and its answers, until it is closed or dies. */
final class ChildConnection implements AutoCloseable {
  private final String name;
  private final ChildJvm jvm;
  private @Nullable ChildJvmDiedException dead;
  private boolean closed;

  /**
   * Starts a child.
   *
   * @param name of what it does, for messages
   */
  ChildConnection(String name, int threads) {
    this.name = name;
    this.jvm = ChildJvm.start(ChildMain.class, threads);
  }

  /** What a request says. */
  @FunctionalInterface
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  /** What an answer says. */
  @FunctionalInterface
  interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  /** What the child says and asks before it answers. */
  @FunctionalInterface
  interface Talk {
    void on(int word, DataInputStream in, DataOutputStream out) throws IOException;
  }

  <T> T ask(Request request, Writing arguments, Reading<T> answer) {
    return ask(
        request,
        arguments,
        (word, in, out) -> {
          throw new IOException("neither answer nor failure: " + word);
        },
        answer);
  }

  <T> T ask(Request request, Writing arguments, Talk talk, Reading<T> answer) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (dead != null) {
      throw dead;
    }
    try {
      jvm.out().writeByte(request.ordinal());
      arguments.to(jvm.out());
      jvm.out().flush();
      while (true) {
        int word = jvm.in().readInt();
        if (word == ChildProtocol.DONE) {
          return answer.from(jvm.in());
        }
        if (word == ChildProtocol.FAILED) {
          throw ChildProtocol.failure(jvm.in());
        }
        talk.on(word, jvm.in(), jvm.out());
        jvm.out().flush();
      }
    } catch (IOException e) {
      // Told by the way it ended.
    }
    dead = jvm.death(name);
    throw dead;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      jvm.close();
    }
  }
}
