module consumer {
  requires dev.mixlaw.eval;
  requires dev.mixlaw.mix;
  requires dev.mixlaw.train;
}
