package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.door.VectorForm;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.protocol.tei.EmbedRequest.Reply;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import dev.pilotlight.protocol.tei.inputs.OtherVectors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /embeddings`: OpenAI's fields, inputs as in `POST /embed`. Embeddings
/// always have unit length, and texts are truncated. Not thread-safe.
final class EmbeddingsReader {
  private static final String INPUT = "input";
  private static final String ENCODING = "encoding_format";
  private static final String DIMENSIONS = "dimensions";
  private static final List<String> FIELDS = List.of(INPUT, "model", "user", ENCODING, DIMENSIONS);

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable Inputs inputs;
  private @Nullable String model;
  private Reply reply = Reply.OBJECTS;
  private OptionalInt dimensions = OptionalInt.empty();

  EmbeddingsReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  EmbedRequest read() throws IOException {
    json.object(this::field);
    if (inputs == null) {
      throw Refusal.invalid(
          INPUT, "input is missing; accepted: " + Inputs.accepted(terms.itemsMax()));
    }
    return new EmbedRequest(
        model == null ? "" : Names.model(model),
        inputs,
        terms.truncate().orElse(true),
        Optional.empty(),
        Optional.empty(),
        new VectorForm(Optional.of(true), dimensions),
        reply,
        others);
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name) && !name.equals(INPUT)) {
      return;
    }
    switch (name) {
      case INPUT -> inputs = Inputs.read(json, INPUT, terms.itemsMax());
      case "model" -> model = json.string();
      case "user" -> json.string();
      case ENCODING -> reply = reply();
      case DIMENSIONS -> dimensions = OptionalInt.of((int) json.integer(1, Integer.MAX_VALUE));
      default -> {
        OtherVectors.refuse(json, name, FIELDS);
        others.read(json, name);
      }
    }
  }

  private Reply reply() throws IOException {
    String name = json.string();
    return switch (name) {
      case "float" -> Reply.OBJECTS;
      case "base64" -> Reply.BASE64;
      default ->
          throw Refusal.invalid(
              ENCODING,
              "%s is '%s'; accepted: float, base64".formatted(ENCODING, Text.shorten(name)));
    };
  }
}
