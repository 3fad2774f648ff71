/** The only way out: everything that leaves for the platform passes here, and is redacted and recorded. */
@NullMarked
package dev.nightsafe.runner.outbound;

import org.jspecify.annotations.NullMarked;
