/// Lambda's events to HTTP requests, and HTTP responses to what Lambda returns.
@NullMarked
package dev.pilotlight.protocol.http;

import org.jspecify.annotations.NullMarked;
