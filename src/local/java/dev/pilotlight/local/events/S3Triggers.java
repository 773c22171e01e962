package dev.pilotlight.local.events;

import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.runtime.Invocation;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.template.QueueSettings;
import dev.pilotlight.local.template.S3Trigger;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/// Sends S3's events to the functions that the template names, some of them through a queue.
/// Thread-safe; never blocks.
public record S3Triggers(List<S3Trigger> triggers, AsyncInvocations events)
    implements Consumer<S3Local.Created> {
  public S3Triggers {
    triggers = List.copyOf(triggers);
  }

  @Override
  public void accept(S3Local.Created created) {
    triggers.stream()
        .filter(trigger -> trigger.takes(created.eventName(), created.bucket(), created.key()))
        .forEach(trigger -> send(trigger, created));
  }

  private void send(S3Trigger trigger, S3Local.Created created) {
    byte[] event =
        trigger.eventBridge()
            ? EventBridgeEvent.json(created, Instant.now())
            : S3Notification.json(created, trigger.name(), Instant.now());
    if (trigger.queue().isPresent()) {
      QueueSettings queue = trigger.queue().get();
      QueueEvent message = QueueEvent.of(queue.name(), event);
      events.accept(trigger.function(), queue.attempts(), event, message::json);
    } else {
      events.accept(trigger.function(), new Invocation(event, Invocation.NO_TRACE, null));
    }
  }
}
