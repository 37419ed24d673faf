CREATE TABLE cluster (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	name     TEXT NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, name)
);

CREATE TABLE task_definition (
	account  TEXT   NOT NULL,
	region   TEXT   NOT NULL,
	family   TEXT   NOT NULL,
	revision BIGINT NOT NULL,
	document TEXT   NOT NULL,
	PRIMARY KEY (account, region, family, revision)
);

-- An INACTIVE service stays for a while; another of its name takes its place.
CREATE TABLE service (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	cluster  TEXT NOT NULL,
	name     TEXT NOT NULL,
	status   TEXT NOT NULL CHECK (status IN ('ACTIVE', 'DRAINING', 'INACTIVE')),
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, cluster, name)
);

-- Task sets of services with the controllers CODE_DEPLOY and EXTERNAL, and the
-- deployments of those with the controller ECS.
CREATE TABLE task_set (
	account  TEXT NOT NULL,
	region   TEXT NOT NULL,
	cluster  TEXT NOT NULL,
	service  TEXT NOT NULL,
	id       TEXT NOT NULL,
	document TEXT NOT NULL,
	PRIMARY KEY (account, region, cluster, service, id)
);

CREATE TABLE task (
	account  TEXT    NOT NULL,
	region   TEXT    NOT NULL,
	cluster  TEXT    NOT NULL,
	service  TEXT    NOT NULL,
	id       TEXT    NOT NULL,
	stopped  BIGINT  NOT NULL, -- 0, or when it became STOPPED in nanoseconds since 1970
	document TEXT    NOT NULL,
	PRIMARY KEY (account, region, cluster, id)
);
CREATE INDEX task_of_service ON task (account, region, cluster, service, stopped);
