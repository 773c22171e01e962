/// Batches: an object of lines in S3 in, an object of answers out, each line exactly once.
///
/// Read the classes in this order: [Batches] takes S3's notices, [dev.pilotlight.batch.claim.Jobs]
/// grants claims, and [Batch] works on one. [BatchRun] moves each line from the object to the
/// output:
///
/// 1. [dev.pilotlight.batch.input.Lines] reads it;
/// 2. [dev.pilotlight.batch.lines.LineTasks] makes a [dev.pilotlight.batch.lines.LineTask] of it;
/// 3. [dev.pilotlight.batch.lines.WindowInference] runs its items, together with those of other
///    lines;
/// 4. [dev.pilotlight.batch.output.Output] renders the task and appends it to a
///    [dev.pilotlight.batch.output.PartedObject].
///
/// In the end [dev.pilotlight.batch.output.Publication] makes the output visible.
@NullMarked
package dev.pilotlight.batch;

import org.jspecify.annotations.NullMarked;
