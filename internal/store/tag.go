package store

import (
	"database/sql"

	"greenlight/internal/codedeploy"
)

// PutTags adds tags to the resource with that id (an application, a group, a
// configuration) and replaces the values of keys that it has. Tags belong to the id, so
// they stay when the resource is renamed; they go when it is deleted. Those that
// tag one resource at the same time take turns, so that each counts what the
// others have done.
func (t *Tx) PutTags(resourceID string, tags []codedeploy.Tag) error {
	if len(tags) == 0 {
		return nil
	}
	if err := t.lock("tags", resourceID); err != nil {
		return err
	}
	for _, tag := range tags {
		_, err := t.change(`INSERT INTO resource_tags (resource_id, tag_key, tag_value) VALUES ($1, $2, $3)
			ON CONFLICT (resource_id, tag_key) DO UPDATE SET tag_value = excluded.tag_value`, resourceID, tag.Key, tag.Value)
		if err != nil {
			return err
		}
	}
	return nil
}

// Tags returns the tags of the resource in order of their keys; none for a
// resource that does not exist.
func (t *Tx) Tags(resourceID string) ([]codedeploy.Tag, error) {
	return collect(t, func(rows *sql.Rows) (tag codedeploy.Tag, err error) {
		err = rows.Scan(&tag.Key, &tag.Value)
		return tag, err
	}, `SELECT tag_key, tag_value FROM resource_tags WHERE resource_id = $1 ORDER BY tag_key`, resourceID)
}

// DeleteTags removes the tags with these keys. Keys that the resource does not
// have are ignored.
func (t *Tx) DeleteTags(resourceID string, keys []string) error {
	for _, key := range keys {
		if _, err := t.change(`DELETE FROM resource_tags WHERE resource_id = $1 AND tag_key = $2`, resourceID, key); err != nil {
			return err
		}
	}
	return nil
}
