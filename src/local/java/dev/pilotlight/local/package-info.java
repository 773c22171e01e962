/// What production has from AWS, on 127.0.0.1: real Redis, DynamoDB Local and an S3 server. For
/// tests and the local runner; never ships.
@NullMarked
package dev.pilotlight.local;

import org.jspecify.annotations.NullMarked;
