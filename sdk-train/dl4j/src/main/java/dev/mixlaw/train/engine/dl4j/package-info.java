/**
 * The engine {@code dl4j}, which implements the decoder as a Deeplearning4j network with explicit
 * backward passes and runs on the ND4J backend on the class path.
 *
 * <p>A session divides each batch among several networks. A network consists of an embedding,
 * blocks and a head, which compute with kernels. There are two implementations of the kernels. One
 * uses ND4J operations and supports every backend and precision. The other is faster but supports
 * only single precision on the CPU.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.train.engine.dl4j;

import org.jspecify.annotations.NullMarked;
