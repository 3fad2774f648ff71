/** The audit: what was done, and whether its chains are whole. */
@NullMarked
package dev.nightsafe.cli.audit;

import org.jspecify.annotations.NullMarked;
