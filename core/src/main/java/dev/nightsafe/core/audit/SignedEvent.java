package dev.nightsafe.core.audit;

import org.jspecify.annotations.Nullable;

/**
 * An event of a chain as it is stored.
 *
 * @param signature the audit key's, which the last event of each commit has; else null
 */
public record SignedEvent(ChainedEvent event, byte @Nullable [] signature) {}
