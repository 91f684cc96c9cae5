package dev.mixlaw.mix.corpus;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.PrimitiveType;

/** The column with the text, and its index within a row group. */
record ParquetTextColumn(int index, ColumnDescriptor descriptor) {
  private static final int SHOWN = 30;
  private static final int DEEPEST = 100;
  private static final Set<ConvertedType> TEXTS =
      Set.of(ConvertedType.UTF8, ConvertedType.ENUM, ConvertedType.JSON);

  private record Leaf(List<String> path, SchemaElement element, int repeated, int optional) {
    String name() {
      return String.join(".", path);
    }

    boolean text() {
      boolean annotated = element.isSetConverted_type() || element.isSetLogicalType();
      return element.getType() == Type.BYTE_ARRAY
          && (!annotated
              || (element.isSetConverted_type() && TEXTS.contains(element.getConverted_type()))
              || (element.isSetLogicalType() && element.getLogicalType().isSetSTRING()));
    }

    String described() {
      String type = text() ? "text" : String.valueOf(element.getType());
      return name() + " (" + (repeated > 0 ? "list of " : "") + type + ")";
    }
  }

  /**
   * Finds a column in a schema, where {@code a.b} is the column {@code b} of the structure {@code
   * a}.
   */
  static ParquetTextColumn find(List<SchemaElement> schema, String field)
      throws UnsuitableFileException {
    List<Leaf> leaves = new ArrayList<>();
    Iterator<SchemaElement> elements = schema.iterator();
    if (elements.hasNext()) {
      SchemaElement root = elements.next();
      for (int i = 0; i < root.getNum_children(); i++) {
        collect(elements, List.of(), 0, 0, leaves);
      }
    }
    for (int i = 0; i < leaves.size(); i++) {
      Leaf leaf = leaves.get(i);
      if (leaf.name().equals(field) && leaf.repeated() == 0 && leaf.text()) {
        return new ParquetTextColumn(i, descriptor(leaf));
      }
    }
    String columns = described(leaves);
    for (Leaf leaf : leaves) {
      if (leaf.name().equals(field)) {
        throw unsuitable(
            "column \"" + field + "\" does not have one text per row; columns: " + columns);
      } else if (leaf.name().startsWith(field + ".")) {
        throw unsuitable("column \"" + field + "\" is nested; columns: " + columns);
      }
    }
    throw unsuitable("no column \"" + field + "\"; columns: " + columns);
  }

  private static void collect(
      Iterator<SchemaElement> elements,
      List<String> above,
      int repeated,
      int optional,
      List<Leaf> leaves)
      throws UnsuitableFileException {
    if (!elements.hasNext()) {
      throw unsuitable("damaged schema");
    }
    if (above.size() == DEEPEST) {
      throw unsuitable("columns are nested deeper than " + DEEPEST + " levels");
    }
    SchemaElement element = elements.next();
    List<String> path = new ArrayList<>(above);
    path.add(element.getName());
    FieldRepetitionType repetition = element.getRepetition_type();
    int lists = repeated + (repetition == FieldRepetitionType.REPEATED ? 1 : 0);
    int levels = optional + (repetition == FieldRepetitionType.REQUIRED ? 0 : 1);
    if (element.isSetType()) {
      leaves.add(new Leaf(path, element, lists, levels));
    }
    for (int i = 0; i < element.getNum_children(); i++) {
      collect(elements, path, lists, levels, leaves);
    }
  }

  private static ColumnDescriptor descriptor(Leaf leaf) {
    boolean optional = leaf.element().getRepetition_type() == FieldRepetitionType.OPTIONAL;
    PrimitiveType type =
        new PrimitiveType(
            optional
                ? org.apache.parquet.schema.Type.Repetition.OPTIONAL
                : org.apache.parquet.schema.Type.Repetition.REQUIRED,
            PrimitiveType.PrimitiveTypeName.BINARY,
            leaf.element().getName());
    return new ColumnDescriptor(leaf.path().toArray(String[]::new), type, 0, leaf.optional());
  }

  private static UnsuitableFileException unsuitable(String actual) {
    return new UnsuitableFileException(
        actual, "a column with one text per row", "change Corpus.textField");
  }

  private static String described(List<Leaf> leaves) {
    List<String> names = leaves.stream().limit(SHOWN).map(Leaf::described).toList();
    return String.join(", ", names) + (leaves.size() > SHOWN ? ", ..." : "");
  }
}
