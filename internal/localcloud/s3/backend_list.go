package s3

import (
	"context"
	"strings"

	"github.com/rclone/gofakes3"

	"greenlight/internal/sqldb"
)

// ListBucket lists a page of the latest versions in the order of their keys'
// bytes.
func (b backend) ListBucket(ctx context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	var list *gofakes3.ObjectList
	err := b.db.View(ctx, func(tx *sqldb.Tx) error {
		if _, err := ownBucket(tx, accountOf(ctx), name); err != nil {
			return err
		}
		list = gofakes3.NewObjectList()
		keys := newGrouping(prefix, page.Marker, page.MaxKeys)
		err := each(tx, func(row scanner) error {
			o, err := scanObject(row)
			if err != nil {
				return err
			}
			switch keys.sort(o.key) {
			case groupOwn:
				list.Add(&gofakes3.Content{
					Key: o.key, LastModified: gofakes3.NewContentTime(o.modified), ETag: `"` + o.content.md5 + `"`,
					Size: o.content.size, StorageClass: gofakes3.StorageStandard,
				})
			case groupNew:
				list.AddPrefix(keys.last)
			case groupFull:
				list.IsTruncated, list.NextMarker = true, keys.last
				return errStop
			case groupEnd:
				return errStop
			}
			return nil
		}, objectColumns+`WHERE bucket = $1 AND latest = 1 AND marker = 0 AND key >= $2 ORDER BY key`, name, keys.from)
		return err
	})
	return list, b.fault(ctx, err)
}

// ListBucketVersions lists a page of all versions and delete markers, by key,
// the newest first. The library has just asked BucketExists.
func (b backend) ListBucketVersions(name string, prefix *gofakes3.Prefix, page *gofakes3.ListBucketVersionsPage) (*gofakes3.ListBucketVersionsResult, error) {
	ctx, cancel := bounded()
	defer cancel()
	if page == nil {
		page = &gofakes3.ListBucketVersionsPage{}
	}
	var list *gofakes3.ListBucketVersionsResult
	err := b.db.View(ctx, func(tx *sqldb.Tx) error {
		list = gofakes3.NewListBucketVersionsResult(name, prefix, page)
		return listVersions(tx, list, prefix, page)
	})
	return list, b.fault(ctx, err)
}

func listVersions(tx *sqldb.Tx, list *gofakes3.ListBucketVersionsResult, prefix *gofakes3.Prefix, page *gofakes3.ListBucketVersionsPage) error {
	after, err := markedSequence(tx, list.Name, page)
	if err != nil {
		return err
	}
	keys := newGrouping(prefix, page.KeyMarker, page.MaxKeys)
	if page.HasVersionIDMarker {
		keys.from = page.KeyMarker // the rest of this key is still to come
	}
	var last object
	return each(tx, func(row scanner) error {
		o, err := scanObject(row)
		if err != nil {
			return err
		}
		if page.HasVersionIDMarker && o.key == page.KeyMarker && o.sequence >= after {
			return nil
		}
		switch keys.sort(o.key) {
		case groupOwn:
			list.Versions = append(list.Versions, o.asVersion())
			last = *o
		case groupNew:
			list.AddPrefix(keys.last)
			last = object{key: keys.last}
		case groupFull:
			list.IsTruncated, list.NextKeyMarker, list.NextVersionIDMarker = true, last.key, shownVersion(last.version)
			return errStop
		case groupEnd:
			return errStop
		}
		return nil
	}, objectColumns+`WHERE bucket = $1 AND key >= $2 ORDER BY key, sequence DESC`, list.Name, keys.from)
}

// markedSequence is where the version stands after which a page begins; 0 if it
// is not there, which leaves nothing more of its key.
func markedSequence(tx *sqldb.Tx, bucket string, page *gofakes3.ListBucketVersionsPage) (int64, error) {
	if !page.HasVersionIDMarker {
		return 0, nil
	}
	o, err := findObject(tx, bucket, page.KeyMarker, string(page.VersionIDMarker))
	if err != nil || o == nil {
		return 0, err
	}
	return o.sequence, nil
}

func (o *object) asVersion() gofakes3.VersionItem {
	modified := gofakes3.NewContentTime(o.modified)
	if o.marker {
		return &gofakes3.DeleteMarker{Key: o.key, VersionID: shownVersion(o.version), IsLatest: o.latest, LastModified: modified}
	}
	return &gofakes3.Version{
		Key: o.key, VersionID: shownVersion(o.version), IsLatest: o.latest, LastModified: modified,
		Size: o.content.size, StorageClass: gofakes3.StorageStandard, ETag: `"` + o.content.md5 + `"`,
	}
}

// group is where a key belongs in a list.
type group int

const (
	groupNone group = iota // in no part of it, or in a common prefix that is listed already
	groupOwn               // listed itself
	groupNew               // begins a common prefix, which is grouping.last
	groupFull              // the page is full
	groupEnd               // behind all that begin with the prefix
)

// grouping sorts keys, which come in order, into a page of a list: what lies
// behind the delimiter after the prefix is one entry together.
type grouping struct {
	prefix, delimiter string
	from              string // the first key that may be in the page
	most, have        int64
	last              string // the entry listed last: a key or a common prefix
}

// newGrouping begins a page behind marker. If marker is a common prefix, all
// that it stands for is behind it too.
func newGrouping(p *gofakes3.Prefix, marker string, most int64) *grouping {
	g := &grouping{most: most}
	if p != nil {
		g.prefix, g.delimiter = p.Prefix, p.Delimiter
	}
	g.from = g.prefix
	if marker != "" && marker >= g.prefix {
		g.from = marker + "\x00"
		if common, ok := g.common(marker); ok && common == marker {
			g.last = marker
		}
	}
	return g
}

// common is the common prefix that a key belongs to.
func (g *grouping) common(key string) (string, bool) {
	if g.delimiter == "" || !strings.HasPrefix(key, g.prefix) {
		return "", false
	}
	before, _, ok := strings.Cut(key[len(g.prefix):], g.delimiter)
	return g.prefix + before + g.delimiter, ok
}

func (g *grouping) sort(key string) group {
	if !strings.HasPrefix(key, g.prefix) {
		if key > g.prefix {
			return groupEnd
		}
		return groupNone
	}
	common, grouped := g.common(key)
	if grouped && common == g.last {
		return groupNone
	}
	if g.most > 0 && g.have >= g.most {
		return groupFull
	}
	g.have++
	g.last = key
	if grouped {
		g.last = common
		return groupNew
	}
	return groupOwn
}
