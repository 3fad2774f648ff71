/** Leases and what they bound. */
@NullMarked
package dev.nightsafe.runner.workers;

import org.jspecify.annotations.NullMarked;
