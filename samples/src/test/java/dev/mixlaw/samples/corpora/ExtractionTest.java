package dev.mixlaw.samples.corpora;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Tests that extraction from manuals and source code removes markup and keeps the words. */
class ExtractionTest {
  @Test
  void removesMarkupFromManuals() {
    String page =
        """
        [[log-component]]
        = Log Component
        :docTitle: Log
        *Since Camel {since}*

        The log component *logs* `messages` to
        http://www.slf4j.org/[the facade
        SLF4J]; see <<Options,the options>>. +
        More.
        image::eip/log.gif[image]

        [source,java]
        ----
        from("a")
            .to("log:b");
        include::{examplesdir}/a.java[tags=e1]
        ----

        [width="100%",cols="2,5,^1,2",options="header"]
        |===
        | Name | Description | Default | Type
        | *level* (producer) | The level to use. | INFO | String
        |===

        * one
        * xref:two.adoc[two]
        """;

    assertThat(Manuals.plain(page, new HashSet<>()))
        .isEqualTo(
            """
            Log Component

            The log component logs messages to the facade SLF4J; see the options. More.

            from("a")
                .to("log:b");

            level (producer): The level to use.

            * one
            * two""");
  }

  @Test
  void repeatedBlocksAreRemoved() {
    Set<String> seen = new HashSet<>();
    String option =
        "| *%s* (consumer) | Allows for bridging the consumer to the routing error handler of the context. | | b\n";

    String first = Manuals.plain(option.formatted("bridge"), seen);
    String second = Manuals.plain("== Title\n" + option.formatted("other"), seen);

    assertThat(first).startsWith("bridge (consumer): Allows");
    assertThat(second).isEqualTo("Title");
  }

  private static final String JAVA =
      """
      /* Licence. */
      package a;

      import java.util.List;

      /**
       * Says {@code hello} to {@link a.B#c(int, E) the world} and {@link D#e(int)}.
       *
       * <p>Twice &lt; thrice.
       *
       * @author somebody
       * @param <K> kind of
       *     greeting
       */
      class A { // a comment
        // a line of comment

        String s = "// no comment" + "\\"/* none */"; /* a comment */
        char c = '"';

        /** Short. */
        void f() {}
      }
      """;

  @Test
  void removesCommentsAndImportsFromCode() {
    assertThat(JavaSources.code(JAVA))
        .isEqualTo(
            """
            package a;

            class A {

              String s = "// no comment" + "\\"/* none */";
              char c = '"';

              void f() {}
            }""");
  }

  @Test
  void extractsProseFromJavadoc() {
    assertThat(JavaSources.prose(JAVA))
        .isEqualTo(
            """
            Says hello to the world and D.e(int). Twice < thrice.
            @param K kind of greeting""");
  }

  @Test
  void recognisesEnglish() {
    String english =
        "The house that stands in the middle of this street is not for sale, and it has been there"
            + " for as long as we can remember.";
    String german =
        "Das Haus in der Mitte dieser Straße steht nicht zum Verkauf, und es steht dort, so lange"
            + " wir uns erinnern können, vielleicht auch noch viel länger.";

    assertThat(English.is(english)).isTrue();
    assertThat(English.is(german)).isFalse();
    assertThat(English.is(english + " 此许可证 此许可证")).isFalse();
    assertThat(English.is("The short one.")).isFalse();
  }

  @Test
  void normalisesWhiteSpace() {
    assertThat(English.tidy(" a\u00a0 b \r\n c\n\n\n\n\td ")).isEqualTo("a b\nc\n\nd");
    assertThat(English.line(" a\n b\t\tc ")).isEqualTo("a b c");
    assertThat(English.blankLines("a  \n\n\n\n  b")).isEqualTo("a\n\n  b");
  }
}
