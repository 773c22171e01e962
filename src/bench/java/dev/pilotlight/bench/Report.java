package dev.pilotlight.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.bench.report.Machine;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.setup.BenchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The report: a table, and JSON with every sample.
record Report(Machine machine, BenchOptions options, Gate.Passed gate, List<Section> sections) {
  static final String JSON = "bench.json";
  static final String TABLE = "bench.md";

  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /// @param name of the measure
  record Section(String name, List<Row> rows) {}

  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve(TABLE), markdown());
    Files.writeString(directory.resolve(JSON), json());
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s, %d cores, %.1f GiB, %s, JDK %s, commit %s%n"
            .formatted(
                machine.cpu(),
                machine.cores(),
                machine.memoryBytes() / (double) (1L << 30),
                machine.kernel(),
                machine.jdk(),
                machine.commit()));
    text.append(
        "%s. Medians of the medians of %d × %d runs.%n%n"
            .formatted(gate, options.rounds(), options.runs()));
    text.append("| measure | | measured | baseline | | target | held |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    for (Section section : sections) {
      section.rows().forEach(row -> text.append(row.markdown(section.name())));
    }
    return text.toString();
  }

  String json() throws IOException {
    ObjectNode root = MAPPER.createObjectNode();
    root.putPOJO("machine", machine);
    root.put("runs", options.runs()).put("rounds", options.rounds());
    root.putPOJO("gate", gate);
    ArrayNode rows = root.putArray("rows");
    for (Section section : sections) {
      for (Row row : section.rows()) {
        ObjectNode node = rows.addObject();
        node.put("measure", section.name()).put("what", row.what());
        node.putPOJO("measured", row.measured());
        node.putPOJO("baseline", row.baseline());
        node.put("target", row.target().text(row.measured().unit()));
        node.put("figure", row.figure()).put("held", row.held());
      }
    }
    return MAPPER.writeValueAsString(root);
  }
}
