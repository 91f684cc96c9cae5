module consumer {
  requires dev.mixlaw.train;
}
