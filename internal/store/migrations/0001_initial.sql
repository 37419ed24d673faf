-- Times are milliseconds of the Unix epoch, shapes are JSON in the API's own
-- names without the members that have a column. Names are unique per account
-- and region; ids are unique everywhere.

CREATE TABLE applications (
    id               TEXT NOT NULL PRIMARY KEY,
    account          TEXT NOT NULL,
    region           TEXT NOT NULL,
    name             TEXT NOT NULL,
    compute_platform TEXT NOT NULL CHECK (compute_platform IN ('Server', 'Lambda', 'ECS')),
    create_time      BIGINT NOT NULL,
    UNIQUE (account, region, name)
);

CREATE TABLE deployment_groups (
    id             TEXT NOT NULL PRIMARY KEY,
    account        TEXT NOT NULL,
    region         TEXT NOT NULL,
    application_id TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    name           TEXT NOT NULL,
    config_name    TEXT NOT NULL,
    create_time    BIGINT NOT NULL,
    info           TEXT NOT NULL,
    UNIQUE (application_id, name)
);

CREATE INDEX deployment_groups_by_config ON deployment_groups (account, region, config_name);

CREATE TABLE deployment_configs (
    id      TEXT NOT NULL PRIMARY KEY,
    account TEXT NOT NULL,
    region  TEXT NOT NULL,
    name    TEXT NOT NULL,
    info    TEXT NOT NULL,
    UNIQUE (account, region, name)
);

CREATE TABLE revisions (
    application_id  TEXT NOT NULL REFERENCES applications (id) ON DELETE CASCADE,
    identity        TEXT NOT NULL,
    location        TEXT NOT NULL,
    s3_bucket       TEXT,
    s3_key          TEXT,
    description     TEXT NOT NULL,
    register_time   BIGINT NOT NULL,
    first_used_time BIGINT,
    last_used_time  BIGINT,
    PRIMARY KEY (application_id, identity),
    CHECK ((first_used_time IS NULL) = (last_used_time IS NULL))
);

-- A deployment may outlive its application and its group, so it refers to them without
-- a foreign key and keeps the names that they had when it was made. group_seq
-- counts the deployments of a group: it tells which of two is the later when
-- both bear the same time.
CREATE TABLE deployments (
    id                TEXT NOT NULL PRIMARY KEY,
    account           TEXT NOT NULL,
    region            TEXT NOT NULL,
    application_id    TEXT NOT NULL,
    application_name  TEXT NOT NULL,
    group_id          TEXT NOT NULL,
    group_name        TEXT NOT NULL,
    group_seq         BIGINT NOT NULL,
    config_name       TEXT NOT NULL,
    external_id       TEXT,
    revision_identity TEXT NOT NULL,
    create_time       BIGINT NOT NULL,
    owner             TEXT NOT NULL,
    version           BIGINT NOT NULL,
    status            TEXT NOT NULL CHECK (status IN
        ('Created', 'Queued', 'InProgress', 'Baking', 'Ready', 'Succeeded', 'Failed', 'Stopped')),
    active            SMALLINT NOT NULL,
    complete_time     BIGINT,
    wake_at           BIGINT,
    info              TEXT NOT NULL,
    target            TEXT,
    progress          TEXT,
    snapshot          TEXT,
    CHECK (active = CASE WHEN status IN ('Succeeded', 'Failed', 'Stopped') THEN 0 ELSE 1 END),
    CHECK ((active = 0) = (complete_time IS NOT NULL))
);

-- The indexes are cut in two by active, so that saving a deployment that goes
-- on changes no index at all.

CREATE UNIQUE INDEX deployments_active_in_group ON deployments (group_id) WHERE active = 1;
CREATE INDEX deployments_active ON deployments (account, region, create_time DESC, id DESC) WHERE active = 1;
CREATE INDEX deployments_owned ON deployments (owner, create_time, id) WHERE active = 1;

CREATE INDEX deployments_ended ON deployments (account, region, status, create_time DESC, id DESC) WHERE active = 0;
CREATE INDEX deployments_ended_in_group ON deployments (group_id, status, create_time DESC, id DESC) WHERE active = 0;
CREATE INDEX deployments_succeeded ON deployments (group_id, complete_time DESC, group_seq DESC) WHERE status = 'Succeeded';

CREATE INDEX deployments_newest ON deployments (account, region, create_time DESC, id DESC);
CREATE INDEX deployments_newest_in_group ON deployments (group_id, create_time DESC, id DESC);
CREATE INDEX deployments_by_external_id ON deployments (account, region, external_id, create_time DESC, id DESC)
    WHERE external_id IS NOT NULL;
CREATE INDEX deployments_by_application ON deployments (application_id);

-- A node is a process that runs deployments. Its lease ends at lease_until, by the
-- wall clock.
CREATE TABLE nodes (
    id          TEXT NOT NULL PRIMARY KEY,
    lease_until BIGINT NOT NULL
);

-- value is base64.
CREATE TABLE settings (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE resource_tags (
    resource_id TEXT NOT NULL,
    tag_key     TEXT NOT NULL,
    tag_value   TEXT NOT NULL,
    PRIMARY KEY (resource_id, tag_key)
);
