/** What runners say to the keeper ({@code spec/keeper-api.yaml}). */
@NullMarked
package dev.nightsafe.protocol.keeper;

import org.jspecify.annotations.NullMarked;
