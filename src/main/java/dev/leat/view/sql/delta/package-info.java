/** x. */
package dev.leat.view.sql.delta;
