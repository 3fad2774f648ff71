/** The HTTP client that console, runner and CLI share. */
@NullMarked
package dev.nightsafe.protocol.http;

import org.jspecify.annotations.NullMarked;
