package dev.pilotlight.cli.cost;

import java.util.Locale;

/// The parts of a month's cost, as docs/costs.md has them.
public enum Part {
  LAMBDA("Lambda"),
  API("API Gateway"),
  DYNAMODB("DynamoDB"),
  CACHE("cache"),
  LOGS("logs"),
  WATCHING("watching"),
  QUEUES("queues");

  private final String title;

  Part(String title) {
    this.title = title;
  }

  /// The part of a name in `terms.json`, such as `lambda`.
  static Part of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  public String title() {
    return title;
  }
}
