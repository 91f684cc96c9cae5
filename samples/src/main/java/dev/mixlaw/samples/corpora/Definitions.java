package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Document;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Medical text, which consists of the definitions of resources and code systems in HL7 FHIR. */
final class Definitions {
  private static final String FOLDER = "org/hl7/fhir/r4/model/";
  private static final List<String> FILES =
      List.of(
          "profile/profiles-resources.xml",
          "profile/profiles-types.xml",
          "valueset/valuesets.xml",
          "valueset/v3-codesystems.xml",
          "valueset/v2-tables.xml");

  /** Elements that contain the subject of the next definition. */
  private static final Set<String> NAMES = Set.of("title", "path", "display");

  private static final Set<String> PROSE =
      Set.of("description", "definition", "comment", "requirements", "purpose");
  private static final int LEAST_PROSE = 40;
  private static final int LEAST_DOCUMENT = 300;
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)\\]\\([^)]*\\)");
  private static final Pattern TAG = Pattern.compile("</?[a-zA-Z][^>]{0,200}>");
  private static final Pattern EMPHASIS = Pattern.compile("\\*{2,}|`");

  private static final Pattern LABEL = Pattern.compile("^(Description|Definition): ?");

  private Definitions() {}

  static List<Document> read() throws IOException {
    List<Document> documents = new ArrayList<>();
    Set<String> seen = new HashSet<>(); // because resources repeat definitions of other resources
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (Artifact fhir =
        Artifact.find(
            "ca.uhn.hapi.fhir:hapi-fhir-validation-resources-r4:7.4.0", FOLDER + FILES.get(0))) {
      for (String file : FILES) {
        try (InputStream in = fhir.open(FOLDER + file)) {
          read(factory.createXMLStreamReader(in), file, seen, documents);
        } catch (XMLStreamException e) {
          throw new IOException(file + ": " + e.getMessage(), e);
        }
      }
    }
    return documents;
  }

  private static void read(
      XMLStreamReader xml, String file, Set<String> seen, List<Document> documents)
      throws XMLStreamException {
    StringBuilder text = new StringBuilder();
    String name = "";
    String url = "";
    while (xml.hasNext()) {
      int event = xml.next();
      if (event == XMLStreamConstants.START_ELEMENT) {
        String element = xml.getLocalName();
        String value = xml.getAttributeValue(null, "value");
        if (element.equals("fullUrl")) {
          url = value;
          text.setLength(0);
          name = "";
        } else if (value != null && NAMES.contains(element)) {
          name = English.line(value);
        } else if (value != null && PROSE.contains(element)) {
          String prose = clean(value);
          boolean says = prose.length() >= LEAST_PROSE && !prose.equalsIgnoreCase(name);
          if (says && seen.add(prose)) {
            text.append(name).append(name.isEmpty() ? "" : ": ").append(prose).append('\n');
            name = "";
          }
        }
      } else if (event == XMLStreamConstants.END_ELEMENT
          && xml.getLocalName().equals("entry")
          && text.length() >= LEAST_DOCUMENT) {
        String id = url.substring(url.lastIndexOf('/', url.lastIndexOf('/') - 1) + 1);
        documents.add(
            new Document(
                "medical/" + file.replaceAll(".*/|\\.xml", "") + "/" + id,
                text.toString().strip()));
        text.setLength(0);
      }
    }
    xml.close();
  }

  private static String clean(String prose) {
    String plain = LINK.matcher(prose).replaceAll("$1");
    plain = TAG.matcher(plain).replaceAll(" ");
    plain = English.line(EMPHASIS.matcher(plain).replaceAll(""));
    return LABEL.matcher(plain).replaceFirst("");
  }
}
