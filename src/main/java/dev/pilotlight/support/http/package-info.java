/// A small blocking HTTP/1.1 client for two servers of AWS: DynamoDB and Lambda's Runtime API.
@NullMarked
package dev.pilotlight.support.http;

import org.jspecify.annotations.NullMarked;
