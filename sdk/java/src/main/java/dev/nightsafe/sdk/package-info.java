/**
 * Task programs for Nightsafe in Java. {@link dev.nightsafe.sdk.Nightsafe#tasks()} begins one; the conversation with the
 * runner is specified in {@code spec/task-protocol.md}.
 */
@NullMarked
package dev.nightsafe.sdk;

import org.jspecify.annotations.NullMarked;
