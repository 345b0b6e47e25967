-- Why a view rests, beside the message: a cause as failures have it. NULL: nobody has said, or it doesn't rest.

ALTER TABLE leat.rebuild ADD COLUMN cause text;
