module consumer {
  requires dev.mixlaw.testkit;
  requires dev.mixlaw.train;
  requires org.junit.platform.launcher;

  // JUnit creates the test.
  opens consumer;
}
