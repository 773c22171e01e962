package dev.pilotlight.eventloop;

import dev.pilotlight.runtime.EventLoop;

/// Starts our event loop as the package's `Main` does, without ONNX Runtime.
final class OurLoop {
  private OurLoop() {}

  public static void main(String[] args) {
    EventLoop.serve(args[0], System.getenv(), System.out, "pilotlight/test");
    System.exit(1);
  }
}
