/** Runners and their enrolment tokens, passed on to the keeper. */
@NullMarked
package dev.nightsafe.console.runners;

import org.jspecify.annotations.NullMarked;
