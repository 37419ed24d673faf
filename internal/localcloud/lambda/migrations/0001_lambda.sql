CREATE TABLE function (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	name     TEXT NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, name)
);

-- $LATEST and the published versions.
CREATE TABLE version (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	function TEXT NOT NULL,
	number   TEXT NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, function, number),
	FOREIGN KEY (account, region, function) REFERENCES function (account, region, name) ON DELETE CASCADE
);

CREATE TABLE alias (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	function TEXT NOT NULL,
	name     TEXT NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, function, name),
	FOREIGN KEY (account, region, function) REFERENCES function (account, region, name) ON DELETE CASCADE
);

-- Accepted asynchronous invocations that have neither succeeded nor been given
-- up. Not bound to the function's row: what is delivered is decided then.
CREATE TABLE event (
	id             INTEGER PRIMARY KEY,
	account        TEXT   NOT NULL,
	region         TEXT   NOT NULL,
	function       TEXT   NOT NULL,
	qualifier      TEXT   NOT NULL,
	request_id     TEXT   NOT NULL,
	client_context TEXT   NOT NULL,
	payload        BLOB   NOT NULL,
	accepted_at    BIGINT NOT NULL, -- milliseconds since 1970
	due_at         BIGINT NOT NULL,
	failures       INTEGER NOT NULL CHECK (failures >= 0),
	throttles      INTEGER NOT NULL CHECK (throttles >= 0)
);
