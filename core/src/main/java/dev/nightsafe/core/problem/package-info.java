/** Stable codes of everything that can go wrong. */
@NullMarked
package dev.nightsafe.core.problem;

import org.jspecify.annotations.NullMarked;
