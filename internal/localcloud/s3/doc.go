// Package s3 is the local cloud's Amazon S3: buckets and objects, as far as
// deployments and their clients need them, and that across restarts.
//
// The protocol is spoken by the library rclone/gofakes3. In front of it stands
// what it leaves open (front.go, chunked.go): whose bucket it is, which version
// is meant, bodies in chunks with checksums behind them. Behind it, this package
// is its backend: a row per version of an object in SQLite, a file per content
// in the folder objects. A content is synced before its row is committed, so
// what was answered is there after a crash, and a file without a row is nobody's
// and is swept at the next start.
//
// Names of buckets are global, as on AWS, and each bucket belongs to the account
// that created it; to others it is AccessDenied. Regions are told and have no
// further meaning.
package s3
