package dev.pilotlight.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.bench.report.KeptRow;
import dev.pilotlight.bench.report.KeptRun;
import dev.pilotlight.bench.report.Machine;
import dev.pilotlight.bench.report.Row;
import dev.pilotlight.bench.setup.BenchOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
    Files.writeString(directory.resolve(TABLE), kept().markdown());
    Files.writeString(directory.resolve(JSON), json());
  }

  /// Without the samples.
  KeptRun kept() {
    List<KeptRow> rows = new ArrayList<>();
    for (Section section : sections) {
      section.rows().forEach(row -> rows.add(row.kept(section.name())));
    }
    String now = LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES).toString();
    return new KeptRun(now, machine, options.runs(), options.rounds(), gate.toString(), rows);
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
