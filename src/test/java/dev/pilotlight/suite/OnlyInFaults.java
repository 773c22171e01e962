package dev.pilotlight.suite;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledIf;

/// A test that takes long because it kills, breaks or waits for something: `mvn -Pfaults` and `mvn
/// verify -Psoak` run it. `mvn verify` has a shorter one of each kind.
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag("faults")
@EnabledIf(value = "dev.pilotlight.suite.Soak#orFaults", disabledReason = "see mvn -Pfaults")
public @interface OnlyInFaults {}
