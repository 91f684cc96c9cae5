module consumer {
  requires dev.mixlaw.api;
  requires dev.mixlaw.eval;

  uses dev.mixlaw.api.spi.Analyst;
}
