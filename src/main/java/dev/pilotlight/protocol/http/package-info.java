/// Converts Lambda's events to HTTP requests, and HTTP responses to Lambda's response events.
@NullMarked
package dev.pilotlight.protocol.http;

import org.jspecify.annotations.NullMarked;
