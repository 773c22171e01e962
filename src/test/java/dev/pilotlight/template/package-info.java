/// `template.yaml` compared with the code that it deploys.
@NullMarked
package dev.pilotlight.template;

import org.jspecify.annotations.NullMarked;
