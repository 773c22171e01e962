/// The local runner: the parts of AWS that production uses, on 127.0.0.1, with real Redis, DynamoDB
/// Local and an S3 server. For tests and development; it never ships.
@NullMarked
package dev.pilotlight.local;

import org.jspecify.annotations.NullMarked;
