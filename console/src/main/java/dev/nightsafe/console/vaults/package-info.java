/** Vaults and deposits. Nothing here can open a box (I1). */
@NullMarked
package dev.nightsafe.console.vaults;

import org.jspecify.annotations.NullMarked;
