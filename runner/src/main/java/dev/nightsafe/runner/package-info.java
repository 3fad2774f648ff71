/** The runner. */
@NullMarked
package dev.nightsafe.runner;

import org.jspecify.annotations.NullMarked;
