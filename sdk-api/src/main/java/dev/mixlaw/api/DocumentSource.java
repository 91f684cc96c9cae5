package dev.mixlaw.api;

/** Documents that can be read any number of times, each time the same ones in the same order. */
@FunctionalInterface
public interface DocumentSource {
  DocumentStream open();
}
