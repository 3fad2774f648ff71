/** What is said over the keeper's Unix socket. */
@NullMarked
package dev.nightsafe.protocol.local;

import org.jspecify.annotations.NullMarked;
