package dev.mixlaw.samples.corpora;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Document;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The English licence texts in the SPDX list. */
final class Licences {
  private static final String FOLDER = "resources/stdlicenses/";

  private Licences() {}

  static List<Document> read() throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<Document> licences = new ArrayList<>();
    try (Artifact spdx =
        Artifact.find("org.spdx:java-spdx-library:1.1.11", FOLDER + "licenses.json")) {
      for (String name : spdx.names(FOLDER, ".json")) {
        JsonNode licence;
        try (InputStream in = spdx.open(name)) {
          licence = json.readTree(in);
        }
        String field = licence.has("licenseText") ? "licenseText" : "licenseExceptionText";
        String text = English.tidy(licence.path(field).asText(""));
        if (English.is(text)) {
          String id = name.substring(FOLDER.length(), name.length() - ".json".length());
          licences.add(new Document("licences/" + id, text));
        }
      }
    }
    return licences;
  }
}
