-- A host that is no EC2 instance. A deregistered one keeps its row and its tags
-- until its name is registered again. Of the two IAM ARNs it has one.

CREATE TABLE on_premises_instances (
    account         TEXT NOT NULL,
    region          TEXT NOT NULL,
    name            TEXT NOT NULL,
    arn             TEXT NOT NULL,
    iam_user_arn    TEXT,
    iam_session_arn TEXT,
    register_time   BIGINT NOT NULL,
    deregister_time BIGINT,
    PRIMARY KEY (account, region, name),
    CHECK ((iam_user_arn IS NULL) <> (iam_session_arn IS NULL))
);

-- An IAM identity belongs to one registered host at most.

CREATE UNIQUE INDEX on_premises_users ON on_premises_instances (account, region, iam_user_arn)
    WHERE deregister_time IS NULL AND iam_user_arn IS NOT NULL;
CREATE UNIQUE INDEX on_premises_sessions ON on_premises_instances (account, region, iam_session_arn)
    WHERE deregister_time IS NULL AND iam_session_arn IS NOT NULL;

CREATE INDEX on_premises_registered ON on_premises_instances (account, region, name) WHERE deregister_time IS NULL;
CREATE INDEX on_premises_deregistered ON on_premises_instances (account, region, name) WHERE deregister_time IS NOT NULL;

CREATE TABLE on_premises_tags (
    account   TEXT NOT NULL,
    region    TEXT NOT NULL,
    name      TEXT NOT NULL,
    tag_key   TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (account, region, name, tag_key),
    FOREIGN KEY (account, region, name) REFERENCES on_premises_instances (account, region, name) ON DELETE CASCADE
);

-- One index for each way to look for a tag, in list order.

CREATE INDEX on_premises_tags_by_key ON on_premises_tags (account, region, tag_key, name);
CREATE INDEX on_premises_tags_by_value ON on_premises_tags (account, region, tag_value, name);
CREATE INDEX on_premises_tags_by_pair ON on_premises_tags (account, region, tag_key, tag_value, name);
