/** Schedules: when queues make tasks by themselves. */
@NullMarked
package dev.nightsafe.console.schedules;

import org.jspecify.annotations.NullMarked;
