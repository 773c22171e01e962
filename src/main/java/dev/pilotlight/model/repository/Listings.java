package dev.pilotlight.model.repository;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.files.ModelSettings;
import dev.pilotlight.model.files.ModelSource;
import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Threads;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The repository's listing: made by the first caller, and renewed in the background when a caller
/// finds it old. Only a caller that would get no answer otherwise waits for a new one. Thread-safe.
final class Listings {
  private static final ThreadFactory THREADS = Threads.daemons("pilotlight-models-");

  private final ModelSource source;
  private final ModelSettings settings;
  private final InstantSource clock;
  private final Log log;
  private final ReentrantLock listing = new ReentrantLock();
  private final ReentrantLock displaying = new ReentrantLock();
  private final SharedWork<Listing> awaited = new SharedWork<>();
  private final SharedWork<Listing> awaitedForDisplay = new SharedWork<>();
  private final AtomicBoolean renewing = new AtomicBoolean();
  private final Set<String> ignored = new HashSet<>();
  private volatile @Nullable Listing current;
  private volatile @Nullable Listing displayed;
  // when the background last renewed the listing; waiting callers renew it in between
  private volatile @Nullable Instant renewedAt;

  Listings(ModelSource source, ModelSettings settings, InstantSource clock, Log log) {
    this.source = source;
    this.settings = settings;
    this.clock = clock;
    this.log = log;
  }

  /// The cached listing; made now only if there is none.
  ///
  /// @throws Refusal `UNAVAILABLE` if the repository cannot be read
  Listing current() {
    Listing last = current;
    return requireUsable(
        last == null || last.failure() != null ? renew(settings.retryBackOff()) : last);
  }

  /// Starts to renew the listing if it is due; the caller does not wait.
  ///
  /// @param renewed receives the new listing, on the thread that made it
  void renewIfDue(Consumer<Listing> renewed) {
    Instant last = renewedAt;
    if (last != null
        && Duration.between(last, clock.instant()).compareTo(settings.relist()) >= 0
        && source.mayChange()
        && renewing.compareAndSet(false, true)) {
      try {
        THREADS.newThread(() -> renewInBackground(renewed)).start();
      } catch (OutOfMemoryError e) {
        // no thread can be started now; the next caller tries again, this one has its answer
        renewing.set(false);
        log.error("no thread to list the models again", e);
      }
    }
  }

  private void renewInBackground(Consumer<Listing> renewed) {
    try {
      renewed.accept(renew(settings.relist()));
    } catch (RuntimeException e) {
      log.error("the models cannot be listed again", e);
    } finally {
      renewedAt = clock.instant();
      renewing.set(false);
    }
  }

  /// The listing, renewed if it is older than this.
  ///
  /// @throws Refusal `UNAVAILABLE` if the caller's deadline passes before
  Listing renew(Duration ageMax) {
    Listing last = current;
    return last == null || isOlder(last, ageMax)
        ? withPatience(awaited, () -> renewHere(ageMax))
        : last;
  }

  private Listing renewHere(Duration ageMax) {
    listing.lock();
    try {
      Listing last = current;
      if (last == null || isOlder(last, ageMax)) {
        last = list(last);
        current = last;
        renewedAt = renewedAt == null ? last.at() : renewedAt;
      }
      return last;
    } finally {
      listing.unlock();
    }
  }

  private static Listing withPatience(SharedWork<Listing> shared, Supplier<Listing> work) {
    Patience patience = Patience.current();
    return patience == null
        ? work.get()
        : shared.await(patience, "the models are still being listed", work);
  }

  /// A listing for display only: it does not change which models answer.
  ///
  /// @throws Refusal `UNAVAILABLE` if the repository cannot be read
  Listing forDisplay() {
    Listing first = current();
    Listing last = displayed;
    return requireUsable(
        last == null || isOlder(last, settings.retryBackOff())
            ? withPatience(awaitedForDisplay, () -> listForDisplay(first))
            : last);
  }

  private Listing listForDisplay(Listing first) {
    displaying.lock();
    try {
      Listing last = displayed;
      if (last == null || isOlder(last, settings.retryBackOff())) {
        boolean isNew = !isOlder(first, settings.retryBackOff());
        last = isNew || !source.mayChange() ? first : list(first);
        displayed = last;
      }
      return last;
    } finally {
      displaying.unlock();
    }
  }

  /// @throws Refusal `UNAVAILABLE` if the repository could not be read
  Listing requireUsable(Listing listing) {
    LoadFailure failure = listing.failure();
    if (failure != null) {
      Duration left = settings.retryBackOff().minus(age(listing));
      throw Refusal.unavailable(
          failure.reason(), left.isNegative() ? Duration.ZERO : left, failure);
    }
    return listing;
  }

  private boolean isOlder(Listing listing, Duration age) {
    return age(listing).compareTo(age) >= 0;
  }

  private Duration age(Listing listing) {
    return Duration.between(listing.triedAt(), clock.instant());
  }

  private Listing list(@Nullable Listing last) {
    Instant now = clock.instant();
    try {
      ModelSource.Found found = source.list();
      logIgnored(found);
      boolean first = last == null || last.failure() != null;
      // a repository that nobody can write to is complete
      Duration settle = source.mayChange() ? settings.settle() : Duration.ZERO;
      return Listing.of(found.versions(), first ? null : last, settle, now);
    } catch (LoadFailure e) {
      log.error("models not listed", e);
      return last == null || last.failure() != null ? Listing.failed(e, now) : last.triedAgain(now);
    }
  }

  private void logIgnored(ModelSource.Found found) {
    for (String folder : found.ignored()) {
      boolean isNew;
      synchronized (ignored) {
        isNew = ignored.add(folder);
      }
      if (isNew) {
        log.warn("folder ignored in the model repository", null, "folder", folder);
      }
    }
  }
}
