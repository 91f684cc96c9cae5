/**
 * The portable engine: a decoder as a Deeplearning4j network of layers with explicit backward
 * passes, on the ND4J backend that is on the class path.
 *
 * <p>{@link dev.mixlaw.train.engine.dl4j.Dl4jEngine} finds the backend. A session trains by
 * splitting each batch over networks. A network consists of an embedding, blocks and a head, which
 * compute with kernels. One set of kernels uses plain ND4J operations and works with any backend
 * and precision. The other set is faster, and works on the CPU in single precision.
 */
@NullMarked
package dev.mixlaw.train.engine.dl4j;

import org.jspecify.annotations.NullMarked;
