/**
 * The execution of studies on one machine. A study is planned, its runs are trained by a limited
 * number of workers, and checkpoints and results are stored. A study can be killed and resumed at
 * any time.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.train.run;

import org.jspecify.annotations.NullMarked;
