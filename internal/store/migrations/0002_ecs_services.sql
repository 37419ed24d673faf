-- Which deployment group an ECS service belongs to: at most one. service is
-- <cluster name>/<service name>, however the group itself writes it.

CREATE TABLE ecs_services (
    account  TEXT NOT NULL,
    region   TEXT NOT NULL,
    service  TEXT NOT NULL,
    group_id TEXT NOT NULL REFERENCES deployment_groups (id) ON DELETE CASCADE,
    PRIMARY KEY (account, region, service)
);

CREATE INDEX ecs_services_by_group ON ecs_services (group_id);
