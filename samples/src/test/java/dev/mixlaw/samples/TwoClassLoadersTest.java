package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.train.engine.Engines;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests two applications in one JVM, each with its own copy of the SDK, as in a servlet container.
 */
class TwoClassLoadersTest {
  @TempDir Path temporary;
  private int labs;

  @Test
  void eachCopyTrainsWhateverTheContextClassLoaderIs() throws Exception {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      classPath.add(new File(entry).toURI().toURL());
    }
    URL[] urls = classPath.toArray(URL[]::new);
    ClassLoader parent = ClassLoader.getPlatformClassLoader();
    try (URLClassLoader one = new URLClassLoader(urls, parent);
        URLClassLoader other = new URLClassLoader(urls, parent)) {
      Object loss = train(one, null);
      assertThat(train(other, one)).isEqualTo(loss);
      assertThat(train(one, other)).isEqualTo(loss);
    }
  }

  private Object train(ClassLoader copy, @Nullable ClassLoader context) throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(context);
    try {
      Class<?> program = copy.loadClass(Program.class.getName());
      assertThat(program).isNotEqualTo(Program.class);
      var method = program.getDeclaredMethod("loss", Path.class, Path.class);
      method.setAccessible(true);
      return method.invoke(null, corpora, temporary.resolve("lab-" + labs++));
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** The application; each class loader has a copy of it. */
  static final class Program {
    private Program() {}

    static double loss(Path corpora, Path directory) {
      Corpus text = Corpus.jsonl(corpora.resolve("natural/train/books.jsonl"));
      Study study =
          Study.named("tiny")
              .mixtures(Mixture.of(text.named("web").natural()))
              .models(ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16))
              .budgets("1024")
              .tokenizer(TokenizerSpec.trainedBpe(270))
              .evaluateOn(Domains.of(text.named("news")));
      Lab.Builder builder = Lab.in(directory).engine(Engines.nativeCpu()).threads(1);
      try (Lab lab = builder.withoutWordComparison().open()) {
        var run = lab.run(study).requireComplete().runs().get(0);
        return run.measurements().get(0).value().value();
      }
    }
  }
}
