package dev.mixlaw.train.engine.decoder.cuda;

/**
 * {@code c [rows, columns] = op(a)·op(b)}, or added to it; matrices dense and row-major.
 *
 * @param transposeA whether {@code a} is {@code [inner, rows]}
 * @param transposeB whether {@code b} is {@code [columns, inner]}
 * @param rounded whether {@code a} and {@code b} are bf16
 * @param roundedResult whether {@code c} is
 * @param add to what {@code c} holds
 * @param alignment in bytes that all three addresses have
 */
record Product(
    boolean transposeA,
    boolean transposeB,
    int rows,
    int columns,
    int inner,
    boolean rounded,
    boolean roundedResult,
    boolean add,
    int alignment) {}
