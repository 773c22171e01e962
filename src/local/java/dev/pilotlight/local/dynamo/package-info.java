/// DynamoDB Local.
@NullMarked
package dev.pilotlight.local.dynamo;

import org.jspecify.annotations.NullMarked;
