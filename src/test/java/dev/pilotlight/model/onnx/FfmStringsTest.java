package dev.pilotlight.model.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.model.OnnxGraph;
import dev.pilotlight.model.OnnxModels;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FfmStringsTest {
  @TempDir Path directory;

  @Test
  void everyKeyIsFoundIncludingEmojiAndNul() {
    Tensor text = strings("text", OnnxModels.LABEL_KEYS);
    try (Graph graph = open(OnnxModels.labels())) {
      LongBuffer labels =
          graph.run(List.of(text), List.of("label")).getFirst().buffer().asLongBuffer();
      for (int i = 0; i < OnnxModels.LABEL_KEYS.size(); i++) {
        assertThat(labels.get(i)).as(OnnxModels.LABEL_KEYS.get(i)).isEqualTo(i);
      }
    }
  }

  @Test
  void similarKeyIsNotFound() {
    // U+0000 and a surrogate pair in modified UTF-8 would be among these
    Tensor text = strings("text", List.of("a\u0000", "\uFFFD", "plain ", "\u0000", "A"));
    try (Graph graph = open(OnnxModels.words())) {
      assertThat(texts(graph.run(List.of(text), List.of("word")).getFirst()))
          .containsOnly("unknown");
    }
  }

  @Test
  void everyWordComesBackIncludingEmojiNulAndEmpty() {
    Tensor text = strings("text", OnnxModels.LABEL_KEYS);
    try (Graph graph = open(OnnxModels.words())) {
      assertThat(graph.run(List.of(text), List.of("word")))
          .containsExactly(strings("word", OnnxModels.WORDS));
    }
  }

  @Test
  void stringsOfEveryLengthAreJoinedExactly() {
    List<String> left = new ArrayList<>();
    List<String> joined = new ArrayList<>();
    for (int length = 0; length < 300; length++) {
      left.add("\u00e9\u0000".repeat(length));
      joined.add(left.getLast() + OnnxModels.EMOJI);
    }
    Tensor right = strings("b", Collections.nCopies(left.size(), OnnxModels.EMOJI));
    try (Graph graph = open(OnnxModels.concatenation())) {
      assertThat(graph.run(List.of(strings("a", left), right), List.of("joined")))
          .containsExactly(strings("joined", joined));
    }
  }

  @Test
  void noStringsAtAllGiveNone() {
    try (Graph graph = open(OnnxModels.words())) {
      assertThat(graph.run(List.of(strings("text", List.of())), List.of("word")))
          .containsExactly(strings("word", List.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff", "\u00c0\u0080", "\u00ed\u00a0\u0080", "\u00f0\u009f\u0098"})
  void bytesThatAreNotUtf8AreRefused(String latin1) {
    byte[] bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    Tensor text = Tensor.ofBytes("text", new long[] {2}, List.of(new byte[0], bytes));
    try (Graph graph = open(OnnxModels.words())) {
      assertThatThrownBy(() -> graph.run(List.of(text), List.of("word")))
          .isInstanceOfSatisfying(
              Refusal.class,
              refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
          .hasMessage("element 1 of input text is not valid UTF-8, which the model's strings are");
    }
  }

  private Graph open(OnnxGraph model) {
    return FfmGraph.open(model.write(directory.resolve("model.onnx")), 1, Optimisation.EXTENDED);
  }

  private static Tensor strings(String name, List<String> values) {
    return Tensor.ofStrings(name, new long[] {values.size()}, values);
  }

  private static List<String> texts(Tensor tensor) {
    return tensor.bytes().stream().map(bytes -> new String(bytes, StandardCharsets.UTF_8)).toList();
  }
}
