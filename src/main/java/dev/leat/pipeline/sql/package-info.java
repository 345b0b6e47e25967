/** x. */
package dev.leat.pipeline.sql;
