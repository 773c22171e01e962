/// The objects behind [dev.pilotlight.local.s3.S3Local]: buckets in memory, bodies on disk, and, if
/// it is to be kept, a [Journal] of which the buckets are rebuilt.
///
/// s3proxy speaks the protocol and asks one `BlobStore`. By the package in the store's class name
/// it decides what it leaves to the store; only one in a package `awssdk` may judge `If-Match` and
/// `If-None-Match` of writes by itself, and nothing is emulated with objects of s3proxy's own. So
/// that is this package's name.
@NullMarked
package dev.pilotlight.local.awssdk;

import org.jspecify.annotations.NullMarked;
