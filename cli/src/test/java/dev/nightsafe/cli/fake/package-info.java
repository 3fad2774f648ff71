/** Fakes that commands talk to in tests. */
@NullMarked
package dev.nightsafe.cli.fake;

import org.jspecify.annotations.NullMarked;
