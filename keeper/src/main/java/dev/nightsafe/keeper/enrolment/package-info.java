/** Who a runner is: enrolment, assertions, access tokens, revocation. */
@NullMarked
package dev.nightsafe.keeper.enrolment;

import org.jspecify.annotations.NullMarked;
