/// Batches: an object of lines in S3 in, an object of answers out, each line exactly once.
///
/// To be read in this order: [Batches] takes S3's notices, [dev.pilotlight.batch.claim.Jobs] gives
/// out claims, [Batch] is what is done with one. On its way from the object to the output a line is
/// found by [dev.pilotlight.batch.input.Lines], told what it asks by
/// [dev.pilotlight.batch.lines.LineTasks], answered in a window by
/// [dev.pilotlight.batch.lines.WindowAnswers], and written by [dev.pilotlight.batch.output.Output]
/// into a [dev.pilotlight.batch.output.PartedObject], while [BatchRun] keeps these three busy;
/// [dev.pilotlight.batch.output.Publication] makes the output appear.
@NullMarked
package dev.pilotlight.batch;

import org.jspecify.annotations.NullMarked;
