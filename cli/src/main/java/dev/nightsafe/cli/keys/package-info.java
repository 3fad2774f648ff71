/** Master keys, and the keeper's local socket. */
@NullMarked
package dev.nightsafe.cli.keys;

import org.jspecify.annotations.NullMarked;
