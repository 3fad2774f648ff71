/** Names and addresses, in one canonical form. */
@NullMarked
package dev.nightsafe.core.address;

import org.jspecify.annotations.NullMarked;
