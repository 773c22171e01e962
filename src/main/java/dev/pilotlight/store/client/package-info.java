/// Clients of DynamoDB and S3: connections, credentials, and the certificates that they trust.
@NullMarked
package dev.pilotlight.store.client;

import org.jspecify.annotations.NullMarked;
