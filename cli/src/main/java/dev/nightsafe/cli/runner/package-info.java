/** Runners: enrolling, listing, revoking, and what this machine's runner wrote. */
@NullMarked
package dev.nightsafe.cli.runner;

import org.jspecify.annotations.NullMarked;
