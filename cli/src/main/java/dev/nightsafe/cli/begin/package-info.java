/** A queue to begin with. */
@NullMarked
package dev.nightsafe.cli.begin;

import org.jspecify.annotations.NullMarked;
