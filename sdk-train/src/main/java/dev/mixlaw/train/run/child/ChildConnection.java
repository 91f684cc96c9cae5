package dev.mixlaw.train.run.child;

import dev.mixlaw.train.run.child.ChildProtocol.Request;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sends requests to a child JVM and receives its responses, until it is closed or dies. */
final class ChildConnection implements AutoCloseable {
  private final String name;
  private final ChildJvm jvm;
  private @Nullable ChildJvmDiedException dead;
  private boolean closed;

  /**
   * Starts a child JVM.
   *
   * @param name the name of its task, for messages
   */
  ChildConnection(String name, int threads) {
    this.name = name;
    this.jvm = ChildJvm.start(ChildMain.class, threads);
  }

  /** Writes the arguments of a request. */
  @FunctionalInterface
  interface Writing {
    void to(DataOutputStream out) throws IOException;
  }

  /** Reads the result of a response. */
  @FunctionalInterface
  interface Reading<T> {
    T from(DataInputStream in) throws IOException;
  }

  /** Handles messages that the child sends before its response. */
  @FunctionalInterface
  interface Talk {
    void on(int word, DataInputStream in, DataOutputStream out) throws IOException;
  }

  <T> T ask(Request request, Writing arguments, Reading<T> answer) {
    return ask(
        request,
        arguments,
        (word, in, out) -> {
          throw new IOException("unexpected message " + word);
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
      // The exit status explains the failure.
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
