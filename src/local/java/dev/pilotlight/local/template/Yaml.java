package dev.pilotlight.local.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// YAML as CloudFormation writes it: maps, lists and strings, where a short tag such as `!Sub x` is
/// the same as the map `{Fn::Sub: x}`. Scalars stay strings, as CloudFormation treats them.
public final class Yaml {
  private Yaml() {}

  /// Reads a document.
  ///
  /// @throws IllegalArgumentException if it is not one YAML document
  public static Object read(String text) {
    try {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setLabel("template").build()).composeString(text);
      return value(root.orElseThrow(() -> new IllegalArgumentException("it is empty")));
    } catch (org.snakeyaml.engine.v2.exceptions.YamlEngineException e) {
      throw new IllegalArgumentException("it is not YAML: " + e.getMessage(), e);
    }
  }

  private static Object value(Node node) {
    Object value =
        switch (node) {
          case ScalarNode scalar -> scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
          case SequenceNode sequence -> list(sequence);
          case MappingNode mapping -> map(mapping);
          default -> throw new IllegalArgumentException("it has a node that is not understood");
        };
    String function = function(node.getTag().getValue());
    return function == null ? value : Map.of(function, value);
  }

  private static List<Object> list(SequenceNode sequence) {
    List<Object> list = new ArrayList<>();
    sequence.getValue().forEach(element -> list.add(value(element)));
    return list;
  }

  private static Map<String, Object> map(MappingNode mapping) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      map.put(((ScalarNode) entry.getKeyNode()).getValue(), value(entry.getValueNode()));
    }
    return map;
  }

  private static @Nullable String function(String tag) {
    if (!tag.startsWith("!")) {
      return null;
    }
    String name = tag.substring(1);
    return name.equals("Ref") || name.equals("Condition") ? name : "Fn::" + name;
  }
}
