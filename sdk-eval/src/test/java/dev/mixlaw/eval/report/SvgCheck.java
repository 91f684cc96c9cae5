package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/** Checks that every drawing must pass. */
final class SvgCheck {
  private static final List<String> GEOMETRY =
      List.of("x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "width", "height", "d", "points");

  private SvgCheck() {}

  /** Parses a page or drawing as XML, and fails if it is not well-formed. */
  static Document parse(String markup) throws Exception {
    String xml = markup.replaceFirst("<!DOCTYPE html>\n", "");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Checks that all coordinates are finite, that points and texts lie within their drawing, and
   * that each drawing has a description.
   */
  static void finiteAndInside(Element root) {
    NodeList all = root.getOwnerDocument().getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      for (String attribute : GEOMETRY) {
        assertThat(element.getAttribute(attribute)).doesNotContain("NaN", "Infinity");
      }
      if (element.getTagName().equals("circle")) {
        inside(element, "cx", "cy");
      }
      if (element.getTagName().equals("text")) {
        inside(element, "x", "y");
      }
      if (element.getAttribute("class").startsWith("drawing")) {
        assertThat(text(element, "title")).isNotBlank();
        assertThat(text(element, "desc")).isNotBlank();
      }
    }
  }

  private static void inside(Element element, String x, String y) {
    Element drawing = (Element) element.getParentNode();
    boolean moved = false;
    while (!drawing.getTagName().equals("svg")) {
      moved |= drawing.hasAttribute("transform");
      drawing = (Element) drawing.getParentNode();
    }
    if (!moved) {
      assertThat(number(element, x)).isBetween(0.0, number(drawing, "width"));
      assertThat(number(element, y)).isBetween(0.0, number(drawing, "height"));
    }
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  static String text(Element element, String tag) {
    for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n.getNodeName().equals(tag)) {
        return n.getTextContent();
      }
    }
    return "";
  }
}
