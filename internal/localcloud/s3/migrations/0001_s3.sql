-- Names of buckets are unique over all accounts, as on AWS.
CREATE TABLE bucket (
	name       TEXT   NOT NULL PRIMARY KEY,
	account    TEXT   NOT NULL,
	region     TEXT   NOT NULL,
	versioning TEXT   NOT NULL CHECK (versioning IN ('', 'Enabled', 'Suspended')),
	created_at BIGINT NOT NULL -- milliseconds since 1970
);

-- The versions of the objects. Version '' is the one that S3 calls null.
CREATE TABLE object (
	bucket      TEXT    NOT NULL REFERENCES bucket (name),
	key         TEXT    NOT NULL,
	version     TEXT    NOT NULL,
	sequence    BIGINT  NOT NULL, -- order in time within the key
	latest      INTEGER NOT NULL CHECK (latest IN (0, 1)),
	marker      INTEGER NOT NULL CHECK (marker IN (0, 1)), -- a delete marker has no content
	content     TEXT    NOT NULL CHECK ((content = '') = (marker = 1)), -- name of the file
	size        BIGINT  NOT NULL,
	md5         TEXT    NOT NULL, -- in hex: the ETag
	metadata    TEXT    NOT NULL, -- JSON: header -> value
	modified_at BIGINT  NOT NULL,
	PRIMARY KEY (bucket, key, version)
);
CREATE UNIQUE INDEX object_latest ON object (bucket, key) WHERE latest = 1;
CREATE UNIQUE INDEX object_history ON object (bucket, key, sequence);
