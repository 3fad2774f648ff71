/** The keys that protect others: master keys, wrapped opening keys, the keeper's root, a runner's identity. */
@NullMarked
package dev.nightsafe.core.keys;

import org.jspecify.annotations.NullMarked;
