/// Batches: an object of lines in S3 in, an object of answers out, each line exactly once.
///
/// To be read in this order: [Batches] takes S3's notices, [Jobs] gives out claims, [Batch] is what
/// is done with one. On its way from the object to the output a line is found by [Lines], told what
/// it asks by [LineTasks], answered in a window by [WindowAnswers], and written by [Output] into a
/// [PartedObject], while [BatchRun] keeps these three busy; [Publication] makes the output appear.
@NullMarked
package dev.pilotlight.batch;

import org.jspecify.annotations.NullMarked;
