/** The hash chain of audit events. */
@NullMarked
package dev.nightsafe.core.audit;

import org.jspecify.annotations.NullMarked;
