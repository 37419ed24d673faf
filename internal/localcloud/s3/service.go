package s3

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/rclone/gofakes3"

	"greenlight/internal/awswire"
	"greenlight/internal/clock"
	"greenlight/internal/sqldb"
)

// Options of a Service. Dir and Clock are required.
type Options struct {
	// Dir is the service's own directory; it is created if missing.
	Dir string
	// Clock dates buckets and objects.
	Clock *clock.Clock
	// Log gets the faults of the server itself; default slog.Default().
	Log *slog.Logger
	// Reserved are names that no bucket may have, because they would hide
	// behind other paths of the shared address.
	Reserved []string
}

// MaxBody bounds one request, in bytes: an object that is put at once, or one
// part of a multipart upload. Bodies go to disk as they come.
const MaxBody = 256 << 20

// Service is the local S3, an awswire.Service.
type Service struct {
	clock    *clock.Clock
	log      *slog.Logger
	reserved []string

	db       *sqldb.DB
	contents contentStore
	library  http.Handler

	uploading sync.Mutex
	uploads   map[gofakes3.UploadID]*upload
}

//go:embed migrations/*.sql
var embedded embed.FS

// Open brings the local S3 of a directory to life. It must be closed.
func Open(ctx context.Context, o Options) (*Service, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, err
	}
	s := &Service{clock: o.Clock, log: o.Log, reserved: slices.Clone(o.Reserved), uploads: map[gofakes3.UploadID]*upload{}}
	if s.db, err = sqldb.Open(ctx, filepath.Join(o.Dir, "s3.db"), migrations); err != nil {
		return nil, err
	}
	if s.contents, err = openContents(o.Dir); err == nil {
		err = s.sweep(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open the objects: %w", err), s.db.Close())
	}
	s.library = gofakes3.New(backend{s},
		gofakes3.WithTimeSource(timeSource{s.clock}),
		gofakes3.WithTimeSkewLimit(0), // the clock of dev may be ahead; who signed is not decided here
		gofakes3.WithUploadOwner(accountOf),
	).Server()
	return s, nil
}

// Close waits for what is being written and closes the database.
func (s *Service) Close() error { return s.db.Close() }

// Name implements awswire.Service.
func (s *Service) Name() string { return "s3" }

// BodyLimit implements awswire.BodyLimiter.
func (s *Service) BodyLimit() int64 { return MaxBody }

// StreamsBody implements awswire.BodyStreamer.
func (s *Service) StreamsBody() {}

func accountOf(ctx context.Context) string { return awswire.CallerFrom(ctx).Account }

// timeSource shows the shared clock to the library.
type timeSource struct{ clock *clock.Clock }

func (t timeSource) Now() time.Time                   { return t.clock.Now() }
func (t timeSource) Since(at time.Time) time.Duration { return t.clock.Now().Sub(at) }
