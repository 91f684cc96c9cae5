/**
 * The portable engine: a decoder as a Deeplearning4j network of layers with explicit backward
 * passes, on the ND4J backend that is on the class path.
 *
 * <p>{@link dev.mixlaw.train.engine.dl4j.Dl4jEngine} finds the backend; a session trains by
 * splitting each batch over networks; a network is an embedding, blocks and a head, which compute
 * with kernels: one set in plain ND4J operations for any backend and precision, a faster one for
 * the CPU in single precision.
 */
@NullMarked
package dev.mixlaw.train.engine.dl4j;

import org.jspecify.annotations.NullMarked;
