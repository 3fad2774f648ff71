/** A real console on a free port, a SQLite file in a temporary folder, and a keeper's internal API over real TLS. */
@NullMarked
package dev.nightsafe.console;

import org.jspecify.annotations.NullMarked;
