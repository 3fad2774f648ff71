/** Starting, reading and ending processes. */
@NullMarked
package dev.nightsafe.runner.process;

import org.jspecify.annotations.NullMarked;
