/** What the console says to the keeper ({@code spec/keeper-internal.yaml}). */
@NullMarked
package dev.nightsafe.protocol.internal;

import org.jspecify.annotations.NullMarked;
