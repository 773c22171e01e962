/// The metrics of the functions that run here, for Prometheus.
@NullMarked
package dev.pilotlight.local.metrics;

import org.jspecify.annotations.NullMarked;
