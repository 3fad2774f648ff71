/** The console. */
@NullMarked
package dev.nightsafe.console;

import org.jspecify.annotations.NullMarked;
