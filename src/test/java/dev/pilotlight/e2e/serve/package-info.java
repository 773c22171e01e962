/// The container's server, as a process, against the local Redis and DynamoDB.
@NullMarked
package dev.pilotlight.e2e.serve;

import org.jspecify.annotations.NullMarked;
