/// The objects of [dev.pilotlight.local.s3.S3Local]: buckets in memory, bodies on disk, and, if the
/// data are kept, a [Journal] from which a start rebuilds the buckets.
///
/// s3proxy implements the protocol and calls one `BlobStore`. It derives the store's abilities from
/// the package in its class name. Only for a package `awssdk` it leaves `If-Match` and
/// `If-None-Match` of writes to the store, and emulates nothing with extra objects. That is why
/// this package has that name.
@NullMarked
package dev.pilotlight.local.awssdk;

import org.jspecify.annotations.NullMarked;
