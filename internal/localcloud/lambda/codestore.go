package lambda

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

// codeStore keeps unpacked deployment packages, one directory per content,
// named by the SHA-256 of the zip. Versions with the same content share it.
//
// It counts who needs a content: every version, and every invocation at work.
// The directory goes when the last of them has gone.
type codeStore struct {
	dir string

	mu   sync.Mutex
	held map[string]int // by SHA-256 in hex
}

// partial begins the name of a directory that is being made or removed.
const partial = "."

// openCodeStore opens the store in dir. Hold the content of every version, then
// sweep.
func openCodeStore(dir string) (*codeStore, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	return &codeStore{dir: dir, held: map[string]int{}}, nil
}

// path is where the content with this sum is unpacked.
func (c *codeStore) path(sum string) string { return filepath.Join(c.dir, sum) }

// hold counts one more user of a content that is known to be there.
func (c *codeStore) hold(sum string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held[sum]++
}

// tryHold is hold for somebody who may come too late; false if so.
func (c *codeStore) tryHold(sum string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[sum] == 0 {
		return false
	}
	c.held[sum]++
	return true
}

// release undoes one hold and removes the content after the last.
func (c *codeStore) release(sum string) {
	c.mu.Lock()
	c.held[sum]--
	if c.held[sum] > 0 {
		c.mu.Unlock()
		return
	}
	delete(c.held, sum)
	gone, err := os.MkdirTemp(c.dir, partial+"gone-")
	if err == nil {
		err = os.Rename(c.path(sum), filepath.Join(gone, sum))
	}
	c.mu.Unlock()
	if gone != "" && (err == nil || errors.Is(err, fs.ErrNotExist)) {
		_ = os.RemoveAll(gone) // what remains is swept at the next start
	}
}

// sweep removes the directories that nobody holds, and what an interrupted
// unpacking or removal left behind.
func (c *codeStore) sweep() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	entries, err := os.ReadDir(c.dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), partial) || c.held[entry.Name()] == 0 {
			err = errors.Join(err, os.RemoveAll(filepath.Join(c.dir, entry.Name())))
		}
	}
	return err
}

// sumOf names a content.
func sumOf(zipped []byte) string {
	sum := sha256.Sum256(zipped)
	return hex.EncodeToString(sum[:])
}

// install unpacks a into the store and holds it. sum is that of the zip.
//
// The directory appears complete and synced, or not at all.
func (c *codeStore) install(a *archive, sum string) error {
	if c.tryHold(sum) {
		return nil
	}
	scratch, err := os.MkdirTemp(c.dir, partial+"unpack-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(scratch) }() // what remains is swept at the next start
	unpacked := filepath.Join(scratch, sum)
	if err := a.unpack(unpacked); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held[sum] == 0 {
		if err := c.publish(unpacked, sum); err != nil {
			return err
		}
	}
	c.held[sum]++
	return nil
}

// publish moves an unpacked directory to its place. The caller holds c.mu.
func (c *codeStore) publish(unpacked, sum string) error {
	if err := os.RemoveAll(c.path(sum)); err != nil {
		return err
	}
	if err := os.Rename(unpacked, c.path(sum)); err != nil {
		return err
	}
	return syncDirectory(c.dir)
}

// unpack writes the archive into the new directory dir. Nothing that it does
// can reach outside of dir: os.Root sees to it, whatever the checks missed.
func (a *archive) unpack(dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }()
	budget := a.budget
	for i, entry := range a.entries {
		if err := a.unpackEntry(root, i, &budget); err != nil {
			return fmt.Errorf("entry %d %q: %w", i, shortened(entry.Name), err)
		}
	}
	if err := a.unpackLinks(root); err != nil {
		return err
	}
	return syncDirectories(root)
}

func (a *archive) unpackEntry(root *os.Root, i int, budget *int64) error {
	name := a.names[i]
	switch a.kinds[name] {
	case kindDirectory:
		return root.MkdirAll(name, 0o755)
	case kindFile:
		if dir := path.Dir(name); dir != "." {
			if err := root.MkdirAll(dir, 0o755); err != nil {
				return err
			}
		}
		return a.unpackFile(root, i, budget)
	}
	return nil // links come last, so that no file is written through one
}

func (a *archive) unpackFile(root *os.Root, i int, budget *int64) (err error) {
	entry, name := a.entries[i], a.names[i]
	file, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode(name, entry.Mode()))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	if err := copyBounded(file, entry, budget); err != nil {
		return err
	}
	return file.Sync()
}

// fileMode keeps the executable bits. Code is never written again. The
// bootstrap is executable even if the packer knows no such bits.
func fileMode(name string, packed fs.FileMode) fs.FileMode {
	mode := 0o444 | packed&0o111
	if name == "bootstrap" {
		mode |= 0o111
	}
	return mode
}

func (a *archive) unpackLinks(root *os.Root) error {
	for i, entry := range a.entries {
		name := a.names[i]
		if a.kinds[name] != kindLink {
			continue
		}
		target, err := linkTarget(entry, name)
		if err != nil {
			return err
		}
		if dir := path.Dir(name); dir != "." {
			if err := root.MkdirAll(dir, 0o755); err != nil {
				return err
			}
		}
		if err := root.Symlink(target, name); err != nil {
			return err
		}
	}
	return nil
}

func syncDirectories(root *os.Root) error {
	return fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.IsDir() {
			return err
		}
		return syncDirectory(filepath.Join(root.Name(), filepath.FromSlash(name)))
	})
}

func syncDirectory(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
