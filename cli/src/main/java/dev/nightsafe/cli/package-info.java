/** The command {@code nightsafe}. */
@NullMarked
package dev.nightsafe.cli;

import org.jspecify.annotations.NullMarked;
