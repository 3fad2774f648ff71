/** Redaction and proxies. */
@NullMarked
package dev.nightsafe.runner.outbound;

import org.jspecify.annotations.NullMarked;
