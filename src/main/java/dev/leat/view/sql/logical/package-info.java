/** x. */
package dev.leat.view.sql.logical;
