/** Bounds on what comes from outside. */
@NullMarked
package dev.nightsafe.core.budget;

import org.jspecify.annotations.NullMarked;
