/** JSON as all three APIs write and read it. */
@NullMarked
package dev.nightsafe.protocol.json;

import org.jspecify.annotations.NullMarked;
