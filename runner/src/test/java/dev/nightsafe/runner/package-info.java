/** The runner against a fake keeper and real processes. */
@NullMarked
package dev.nightsafe.runner;

import org.jspecify.annotations.NullMarked;
