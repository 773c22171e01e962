/// Makes a model of a version's files, and answers with it: [Model] is what a request uses,
/// [ModelLoader] makes it, and the plans decide what the files leave open.
@NullMarked
package dev.pilotlight.model;

import org.jspecify.annotations.NullMarked;
