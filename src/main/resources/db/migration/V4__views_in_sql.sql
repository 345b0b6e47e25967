-- A view may follow several streams, or none: then it only reads other views.
ALTER TABLE view ALTER COLUMN stream TYPE text[] USING ARRAY[stream];
ALTER TABLE view RENAME COLUMN stream TO streams;
