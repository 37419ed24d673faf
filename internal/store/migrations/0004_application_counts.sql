-- How many applications an account has in a region. A quota asks at every
-- create, and counting rows would make each dearer than the one before.
-- breaks older programs: they would not keep the counts.

CREATE TABLE application_counts (
    account      TEXT NOT NULL,
    region       TEXT NOT NULL,
    applications BIGINT NOT NULL,
    PRIMARY KEY (account, region)
);

INSERT INTO application_counts (account, region, applications)
    SELECT account, region, count(*) FROM applications GROUP BY account, region;
