package dev.mixlaw.train.engine.llama.cuda;

/**
 * The description of a matrix product {@code d = op(a)·op(b)} or {@code d = op(a)·op(b) + c}, where
 * {@code d} has the shape {@code [rows, columns]}. Matrices are dense and row-major.
 *
 * @param transposeA whether {@code a} has the shape {@code [inner, rows]}
 * @param transposeB whether {@code b} has the shape {@code [columns, inner]}
 * @param add whether {@code c} is added; it may be {@code d}
 * @param alignment alignment of all four addresses in bytes
 */
record MatrixProduct(
    boolean transposeA,
    boolean transposeB,
    int rows,
    int columns,
    int inner,
    boolean bf16,
    boolean bf16Result,
    boolean add,
    int alignment) {}
