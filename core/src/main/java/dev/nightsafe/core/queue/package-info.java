/** Queue definitions: the YAML, what it means, and the digest of a deployment. */
@NullMarked
package dev.nightsafe.core.queue;

import org.jspecify.annotations.NullMarked;
