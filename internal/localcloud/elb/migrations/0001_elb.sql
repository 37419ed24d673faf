-- Load balancers, target groups with their targets, and listeners with their rules. The ARN says which of them a row is.
CREATE TABLE resource (
	arn      TEXT PRIMARY KEY,
	document TEXT NOT NULL
);
