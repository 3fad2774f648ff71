/** A seeded fault test: load, a nemesis, a history, and a checker that reads it. */
@NullMarked
package dev.nightsafe.e2e.faults;

import org.jspecify.annotations.NullMarked;
