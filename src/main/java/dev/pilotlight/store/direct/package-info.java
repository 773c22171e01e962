/// The four calls of the inference path to DynamoDB, without the AWS SDK.
@NullMarked
package dev.pilotlight.store.direct;

import org.jspecify.annotations.NullMarked;
