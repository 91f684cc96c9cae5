/** Tests that every training engine must pass; for authors of engines. */
module dev.mixlaw.testkit {
  requires transitive dev.mixlaw.api;
  requires transitive org.junit.jupiter.api;
  requires com.fasterxml.jackson.databind;
  requires org.assertj.core;
  requires org.junit.jupiter.params;

  exports dev.mixlaw.testkit;

  // JUnit runs tests that are not public.
  opens dev.mixlaw.testkit;
}
