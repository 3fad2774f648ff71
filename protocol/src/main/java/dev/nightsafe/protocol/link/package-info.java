/** How console and keeper know each other: mutual TLS with pinned certificates, and the key of deposits' HMACs. */
@NullMarked
package dev.nightsafe.protocol.link;

import org.jspecify.annotations.NullMarked;
