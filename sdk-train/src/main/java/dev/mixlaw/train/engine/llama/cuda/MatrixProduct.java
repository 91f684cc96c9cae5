package dev.mixlaw.train.engine.llama.cuda;

/**
 * {@code d [rows, columns] = op(a)·op(b)}, or {@code d = op(a)·op(b) + c}; matrices are dense and
 * row-major.
 *
 * @param transposeA whether {@code a} is {@code [inner, rows]}
 * @param transposeB whether {@code b} is {@code [columns, inner]}
 * @param bf16 whether {@code a} and {@code b} are bf16
 * @param bf16Result whether {@code c} and {@code d} are bf16
 * @param add whether {@code c}, which may be {@code d}, is added
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
