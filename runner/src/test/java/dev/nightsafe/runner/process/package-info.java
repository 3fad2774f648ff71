/** Processes and what they are given. */
@NullMarked
package dev.nightsafe.runner.process;

import org.jspecify.annotations.NullMarked;
