/** The runner as a whole: enrolment, the leases it serves, the grants it asks for. */
@NullMarked
package dev.nightsafe.runner.agent;

import org.jspecify.annotations.NullMarked;
