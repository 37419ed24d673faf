package lambda

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// The limits of a deployment package (Lambda quotas), and bounds of our own on
// what a hostile one could make us do.
const (
	maxZipped      = 50 << 20
	maxUnzipped    = 250 << 20
	maxEntries     = 50_000
	maxEntryName   = 1024
	maxEntryPart   = 255
	maxLinkTarget  = 1024
	directoryEntry = "PK\x01\x02" // begins every record of a zip's directory
)

// archive is a deployment package whose directory was checked: every name
// stays inside, none occurs twice, no entry lies below a file or a link. The
// sizes in its headers are not trusted; unpacking counts.
type archive struct {
	entries []*zip.File
	names   []string          // of entries, cleaned
	kinds   map[string]string // by cleaned name, also of implied directories
	budget  int64             // how many bytes the files may have together
}

const (
	kindFile      = "file"
	kindDirectory = "directory"
	kindLink      = "symbolic link"
)

const couldNotUnzip = "Could not unzip uploaded file. Please check your file, then try to upload again."

// badArchive says why a package is refused, in the words Lambda uses for every
// damaged package, followed by what is wrong with this one.
func badArchive(format string, args ...any) error {
	return invalidParameterValue.errorf(couldNotUnzip+" "+format, args...)
}

// openArchive checks zipped without unpacking anything.
func openArchive(zipped []byte) (*archive, error) {
	if len(zipped) == 0 {
		return nil, invalidParameterValue.errorf("Uploaded file must be a non-empty zip")
	}
	if len(zipped) > maxZipped {
		return nil, invalidParameterValue.errorf("Zipped size must be smaller than %d bytes", maxZipped)
	}
	// The directory is counted before it is read: reading builds an object per record.
	if n := bytes.Count(zipped, []byte(directoryEntry)); n > maxEntries {
		return nil, badArchive("It has more than %d entries.", maxEntries)
	}
	reader, err := zip.NewReader(bytes.NewReader(zipped), int64(len(zipped)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, badArchive("It is not a zip archive.")
	}
	if len(reader.File) == 0 {
		return nil, invalidParameterValue.errorf("Uploaded file must be a non-empty zip")
	}
	a := &archive{kinds: make(map[string]string, len(reader.File)), budget: maxUnzipped}
	for _, entry := range reader.File {
		if err := a.add(entry); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *archive) add(entry *zip.File) error {
	kind, err := kindOf(entry)
	if err != nil {
		return err
	}
	name, err := entryName(entry.Name)
	if err != nil {
		return err
	}
	if name == "." && kind == kindDirectory {
		return nil
	}
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		if existing, ok := a.kinds[dir]; ok && existing != kindDirectory {
			return badArchive("The entry %q lies below the %s %q.", shortened(entry.Name), existing, shortened(dir))
		}
		a.kinds[dir] = kindDirectory
	}
	if existing, ok := a.kinds[name]; ok && (existing != kindDirectory || kind != kindDirectory) {
		return badArchive("The entry %q occurs more than once.", shortened(entry.Name))
	}
	a.kinds[name] = kind
	a.entries, a.names = append(a.entries, entry), append(a.names, name)
	return nil
}

func kindOf(entry *zip.File) (string, error) {
	const encrypted = 0x1
	if entry.Flags&encrypted != 0 {
		return "", badArchive("The entry %q is encrypted.", shortened(entry.Name))
	}
	switch mode := entry.Mode(); {
	case mode.IsDir():
		return kindDirectory, nil
	case mode.IsRegular():
		return kindFile, nil
	case mode&fs.ModeType == fs.ModeSymlink:
		return kindLink, nil
	}
	return "", badArchive("The entry %q is neither a file nor a directory nor a symbolic link.", shortened(entry.Name))
}

// entryName cleans a name, refusing those that leave the directory into which
// the archive is unpacked and those that no file system takes.
func entryName(name string) (string, error) {
	if strings.HasPrefix(name, "/") || !filepath.IsLocal(filepath.FromSlash(name)) || hasParent(name) {
		return "", badArchive("The entry %q leads out of the archive.", shortened(name))
	}
	if len(name) > maxEntryName || strings.ContainsRune(name, 0) {
		return "", badArchive("The entry %q has a name that is too long or not a file name.", shortened(name))
	}
	for part := range strings.SplitSeq(name, "/") {
		if len(part) > maxEntryPart {
			return "", badArchive("The entry %q has a name that is too long or not a file name.", shortened(name))
		}
	}
	return path.Clean(name), nil
}

// hasParent reports a ".." anywhere in a path. Names that lead out and in
// again are harmless, but no packer writes them.
func hasParent(name string) bool {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// linkTarget reads where a link points and refuses targets outside.
//
// Entries never lie below a link, so the directory of the link is where its
// name says. From there ".." may only come first, where it can be counted;
// after another link it could lead anywhere.
func linkTarget(entry *zip.File, name string) (string, error) {
	content, err := entry.Open()
	if err != nil {
		return "", badArchive("The entry %q cannot be read.", shortened(entry.Name))
	}
	defer content.Close()
	raw, err := io.ReadAll(io.LimitReader(content, maxLinkTarget+1))
	if err != nil || len(raw) == 0 || len(raw) > maxLinkTarget || bytes.IndexByte(raw, 0) >= 0 {
		return "", badArchive("The symbolic link %q cannot be read.", shortened(entry.Name))
	}
	target := string(raw)
	rest := target
	for strings.HasPrefix(rest, "../") {
		rest = strings.TrimPrefix(rest, "../")
	}
	outside := path.IsAbs(target) || (rest != ".." && hasParent(rest))
	if joined := path.Join(path.Dir(name), target); outside || joined == ".." || strings.HasPrefix(joined, "../") {
		return "", badArchive("The symbolic link %q leads out of the archive.", shortened(entry.Name))
	}
	return target, nil
}

// has reports whether the package has a file (or a link) of this name.
func (a *archive) has(name string) bool {
	kind, ok := a.kinds[path.Clean(name)]
	return ok && kind != kindDirectory
}

// errUnzippedTooLarge ends an unpacking that has written as much as Lambda allows.
var errUnzippedTooLarge error = invalidParameterValue.errorf("Unzipped size must be smaller than %d bytes", maxUnzipped)

// copyBounded unpacks one file's content and takes its size off budget.
func copyBounded(into io.Writer, entry *zip.File, budget *int64) error {
	content, err := entry.Open()
	if err != nil {
		return badArchive("The entry %q cannot be read.", shortened(entry.Name))
	}
	defer content.Close()
	read := &readError{Reader: io.LimitReader(content, *budget+1)}
	n, err := io.Copy(into, read)
	*budget -= n
	switch {
	case *budget < 0:
		return errUnzippedTooLarge
	case read.err != nil:
		return badArchive("The entry %q is damaged.", shortened(entry.Name))
	case err != nil:
		return fmt.Errorf("unpack a function's code: %w", err)
	}
	return nil
}

// readError tells a damaged archive from a disk that cannot be written.
type readError struct {
	io.Reader
	err error
}

func (r *readError) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF {
		r.err = err
	}
	return n, err
}
