/// The whole product on this machine, seen from outside: over HTTP, through the real runtime
/// client, on real Redis, DynamoDB and S3.
@NullMarked
package dev.pilotlight.e2e;

import org.jspecify.annotations.NullMarked;
